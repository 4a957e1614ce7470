/**
 * Pack files: YAML read, checked and compiled at start. A wrong file stops the start, and every fault is told with its
 * file, line and reason, since a rule that silently fails to load is worse than a server that does not start.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { controllerId, type ControllerId } from '#ledger';
import { checkPacks, compile, parsePack, type Pack, type PackProblem, type Rulebook } from '#packs';
import { Controllers } from './controllers.js';

/** What is wrong with the packs, one line for each fault: `file:line: reason (pointer)`. */
export class PackFilesError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'PackFilesError';
  }
}

export interface PackFile {
  readonly path: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

/** Larger files are no packs; it keeps a wrong folder from filling the memory. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The packs that come with Depter: data beside the source, also where compiled code runs. Throws PackFilesError. */
export function builtInPacks(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const packs = join(folder, 'libs', 'packs', 'data');
    if (existsSync(packs)) return packs;
    if (dirname(folder) === folder) throw new PackFilesError(['libs/packs/data:1: the built-in packs are not there']);
  }
}

/** Reads every `.yaml` of the folders, in order of folder, then of name. Throws PackFilesError. */
export function loadPacks(folders: readonly string[]): readonly Pack[] {
  const faults: string[] = [];
  const files = folders
    .flatMap((folder) => yamlFiles(folder, faults))
    .flatMap((path) => readPackFile(path, faults) ?? []);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const packs: Pack[] = [];
  const tell = (problems: readonly PackProblem[]): void => {
    for (const { source, pointer, reason } of problems) {
      const line = lineOf(byPath.get(source), pointer);
      faults.push(`${source}:${line}: ${reason}${pointer === '' ? '' : ` (${pointer})`}`);
    }
  };
  for (const file of files) {
    const parsed = parsePack(file.document.toJS({ maxAliasCount: 100 }), file.path);
    if (parsed.kind === 'pack') packs.push({ ...parsed.pack, sha256: sha256Of(parsed.pack) });
    else tell(parsed.problems);
  }
  if (faults.length === 0) tell(checkPacks(packs));
  if (faults.length > 0) throw new PackFilesError(faults);
  return packs;
}

/** The organisations of the packs, each with its compiled rulebook. Throws PackFilesError. */
export function loadControllers(folders: readonly string[]): Controllers {
  const packs = loadPacks(folders);
  const rulebooks = new Map<ControllerId, Rulebook>();
  for (const pack of packs) {
    const id = pack.kind === 'controller' ? controllerId(pack.controller.id) : undefined;
    if (id !== undefined && !rulebooks.has(id)) rulebooks.set(id, compile(packs, id));
  }
  if (rulebooks.size === 0) throw new PackFilesError([`${folders.join(', ')}: no pack of a controller is there`]);
  return new Controllers(rulebooks, fingerprintOf(packs));
}

/** Of what the packs say, wherever their files lie. */
function fingerprintOf(packs: readonly Pack[]): string {
  const contents = packs.map(saying).sort();
  return createHash('sha256').update(contents.join('\n')).digest('base64url');
}

function sha256Of(pack: Pack): string {
  return createHash('sha256').update(saying(pack)).digest('hex');
}

function saying(pack: Pack): string {
  return JSON.stringify({ ...pack, source: undefined, sha256: undefined });
}

/** The `.yaml` files of a folder, by name. */
export function yamlFiles(folder: string, faults: string[]): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    faults.push(`${folder}:1: the folder cannot be read`);
    return [];
  }
}

/** A file as YAML; undefined, with the faults told, where it is none. */
export function readPackFile(path: string, faults: string[]): PackFile | undefined {
  const lines = new LineCounter();
  try {
    if (statSync(path).size > MAX_BYTES) {
      faults.push(`${path}:1: the file is larger than ${MAX_BYTES} bytes`);
      return undefined;
    }
    const document = parseDocument(readFileSync(path, 'utf8'), {
      lineCounter: lines,
      uniqueKeys: true,
      prettyErrors: false,
    });
    for (const error of [...document.errors, ...document.warnings]) {
      faults.push(`${path}:${lines.linePos(error.pos[0]).line}: ${error.message}`);
    }
    return document.errors.length > 0 ? undefined : { path, document, lines };
  } catch {
    faults.push(`${path}:1: the file cannot be read`);
    return undefined;
  }
}

/** The line of a JSON Pointer, or of the nearest thing around it that is there (a missing key has no line of its own). */
export function lineOf(file: PackFile | undefined, pointer: string): number {
  if (!file) return 1;
  let node: unknown = file.document.contents;
  let line = startOf(file, node) ?? 1;
  for (const raw of pointer.split('/').slice(1)) {
    const part = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    const key = isMap(node)
      ? node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === part)
      : undefined;
    if (key) line = startOf(file, key.key) ?? line;
    node = key ? key.value : isSeq(node) ? node.items[Number(part)] : undefined;
    if (node === undefined || node === null) return line;
    if (!key) line = startOf(file, node) ?? line;
  }
  return line;
}

function startOf(file: PackFile, node: unknown): number | undefined {
  const offset = isNode(node) ? (node as Node).range?.[0] : undefined;
  return offset === undefined ? undefined : file.lines.linePos(offset).line;
}
