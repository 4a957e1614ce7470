/**
 * Makes the stand-alone verifiers after the code is compiled: `dist/verify/depter-verify.mjs`, which needs nothing but Node,
 * and `dist/verify/depter-verify.html`, which needs nothing but a browser.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packaged } from '../root.js';

const out = packaged('dist/verify');
const compiled = (name: string): string => packaged(`dist/apps/cli/src/verify/${name}.js`);

async function bundled(name: string, platform: 'node' | 'browser'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [compiled(name)],
    absWorkingDir: packaged('.'),
    bundle: true,
    write: false,
    format: 'esm',
    platform,
    target: platform === 'node' ? 'node20' : 'es2023',
    legalComments: 'inline',
    logLevel: 'warning',
  });
  return outputFiles[0]!.text;
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
label{display:block;margin:1rem 0 .25rem}textarea{width:100%;box-sizing:border-box;font:14px monospace}progress{width:100%}
button{font:inherit;padding:.4rem 1.2rem;margin:1rem 0}pre{white-space:pre-wrap;padding:1rem;border-left:.4rem solid #888}
pre.good{border-color:#17803d}pre.bad{border-color:#b42318}pre.wrong{border-color:#b54708}pre:empty{display:none}`;

/** What is read before the button is pressed, in the four languages: the verdict itself is words of a closed list. */
const WORDS = [
  ['en', 'Check an export of a Depter log, or a certificate of destruction. Nothing leaves this page; it works without a network.', 'Archive, or certificate (JSON)', 'The key of the log, as it was published elsewhere, or a policy file (may be left empty)', 'Check'],
  ['ru', 'Проверка выгрузки журнала Depter или свидетельства об уничтожении. Страница ничего никуда не отправляет и работает без сети.', 'Архив или свидетельство (JSON)', 'Ключ журнала, опубликованный в другом месте, или файл политики (можно не указывать)', 'Проверить'],
  ['kk', 'Depter журналының көшірмесін немесе жою туралы куәлікті тексеру. Бет ешқайда ештеңе жібермейді, желісіз жұмыс істейді.', 'Архив немесе куәлік (JSON)', 'Журналдың басқа жерде жарияланған кілті немесе саясат файлы (бос қалдыруға болады)', 'Тексеру'],
  ['ky', 'Depter журналынын көчүрмөсүн же жок кылуу күбөлүгүн текшерүү. Барак эч кайда эч нерсе жөнөтпөйт, тармаксыз иштейт.', 'Архив же күбөлүк (JSON)', 'Журналдын башка жерде жарыяланган ачкычы же саясат файлы (бош калтырса болот)', 'Текшерүү'],
] as const; // prettier-ignore

function page(script: string): string {
  const said = (at: 1 | 2 | 3 | 4): string =>
    WORDS.map((words) => `<span lang="${words[0]}">${words[at]}</span>`).join(at === 1 ? '<br>' : ' · ');
  // The script is put in as it is: `</script` could end it, and stands in none of its texts.
  if (/<\/script/i.test(script)) throw new Error('the bundle would end its own element');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">
<title>depter verify</title>
<style>${STYLE}</style>
<h1>depter verify</h1>
<p>${said(1)}</p>
<label for="archive">${said(2)}</label><input id="archive" type="file" accept=".tar,.json">
<label for="key">${said(3)}</label><textarea id="key" rows="3" spellcheck="false"></textarea>
<button id="check">${said(4)}</button>
<progress id="bar" value="0" max="1"></progress>
<pre id="verdict" role="status"></pre>
<script type="module">
${script}</script>
</html>
`;
}

mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'depter-verify.mjs'), await bundled('standalone', 'node'), { mode: 0o755 });
writeFileSync(join(out, 'depter-verify.html'), page(await bundled('page', 'browser')));
