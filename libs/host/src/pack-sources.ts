/** Packs from files and folders that somebody names, beside those that come with Depter or in their place. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { checkFiles, parsePack, type Pack, type PackProblem, type ParsedFile } from '#packs';
import { builtInPacks, lineOf, PackFilesError, readPackFile, yamlFiles, type PackFile } from './pack-files.js';

export class PackSources {
  readonly #files: readonly PackFile[];
  readonly #faults: readonly string[];

  private constructor(files: readonly PackFile[], faults: readonly string[]) {
    this.#files = files;
    this.#faults = faults;
  }

  /** The packs that come with Depter. */
  static builtIn(): PackSources {
    return PackSources.of([builtInPacks()]);
  }

  /** With them what says which clauses of their documents they cover. */
  static builtInWithCoverage(): PackSources {
    const packs = builtInPacks();
    const coverage = join(dirname(packs), 'coverage');
    return PackSources.of(existsSync(coverage) ? [packs, coverage] : [packs]);
  }

  /** Files, and all of folders. What cannot be read is told by `faults`. */
  static of(paths: readonly string[]): PackSources {
    const faults: string[] = [];
    const files = paths
      .flatMap((path) => (isFolder(path) ? yamlFiles(path, faults) : [path]))
      .flatMap((path) => readPackFile(path, faults) ?? []);
    return new PackSources(files, faults);
  }

  /** These beside others, each of which gives way to a pack of the same id and edition here. */
  beside(others: PackSources): PackSources {
    const own = new Set(this.#files.flatMap((file) => [resolve(file.path), identityOf(file) ?? file.path]));
    const left = others.#files.filter((file) => !own.has(resolve(file.path)) && !own.has(identityOf(file) ?? ''));
    return new PackSources([...left, ...this.#files], [...others.#faults, ...this.#faults]);
  }

  /** Everything that is wrong: `file:line: reason (pointer)`. */
  faults(): readonly string[] {
    if (this.#faults.length > 0) return this.#faults;
    const [coverages, packs] = [this.#parsed(isCoverage), this.#parsed((file) => !isCoverage(file))];
    return checkFiles(packs, coverages).map((problem) => this.#told(problem));
  }

  /** The packs, once nothing is wrong with them. Throws PackFilesError. */
  packs(): readonly Pack[] {
    const faults = this.faults();
    if (faults.length > 0) throw new PackFilesError(faults);
    return this.#parsed((file) => !isCoverage(file)).flatMap(({ content, source }) => {
      const parsed = parsePack(content, source);
      return parsed.kind === 'pack' ? [parsed.pack] : [];
    });
  }

  #parsed(wanted: (file: PackFile) => boolean): readonly ParsedFile[] {
    return this.#files.filter(wanted).map((file) => ({ source: file.path, content: contentOf(file) }));
  }

  #told({ source, pointer, reason }: PackProblem): string {
    const file = this.#files.find(({ path }) => path === source);
    return `${source}:${lineOf(file, pointer)}: ${reason}${pointer === '' ? '' : ` (${pointer})`}`;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

const contents = new WeakMap<PackFile, unknown>();

/** Made once for each file: two sets of packs may share most of theirs. */
function contentOf(file: PackFile): unknown {
  if (!contents.has(file)) contents.set(file, file.document.toJS({ maxAliasCount: 100 }));
  return contents.get(file);
}

function isCoverage(file: PackFile): boolean {
  return file.document.has('document');
}

/** Its kind, id and edition, of whatever form it is; undefined where it says none. */
function identityOf({ document }: PackFile): string | undefined {
  const word = (...path: readonly string[]): string => {
    const found = document.getIn(path);
    return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
  };
  const id = word('meta', 'id') || word('controller', 'id');
  const edition = word('meta', 'edition') || word('edition', 'id');
  return id === '' ? undefined : [word('kind'), id, edition].join(' ');
}
