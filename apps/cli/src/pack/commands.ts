import { Option } from 'commander';
import { type Add, CONTROLLER, PACKS, text } from '../options.js';
import { required, setting, wholeNumber } from '../settings.js';

/** `depter pack check`, `depter pack diff`. */
export function addPack(add: Add): void {
  const check = 'say what is wrong with packs: schema, references, clauses without a field, figures without a mark';
  add('pack check [files...]', check, [PACKS()], async (given, args, streams) => {
    const { checkPacks } = await import('./check.js');
    const folder = text(given, 'packs');
    return checkPacks([...args, ...(folder === undefined ? [] : [folder])], streams.stdout);
  });
  const options = [
    setting('--on <log>', 'a data folder that no server holds, or a file of actions (NDJSON)'),
    CONTROLLER(),
    setting('--as-of <day>', 'the day on which both are looked at; today, unless said'),
    setting('--show <number>', 'how many changes the table shows').default('200'),
    new Option('--json', 'a line of JSON for each change, then one of counts'),
  ];
  const diff =
    'whose deadlines, terms and findings packs would change (a file, a folder, or built-in), over recorded history';
  add('pack diff <before> <after>', diff, options, async (given, args, streams) => {
    const { printDiff } = await import('./print.js');
    const [before, after] = args as [string, string];
    const [controller, asOf] = [text(given, 'controller'), text(given, 'asOf')];
    const settings = { before, after, log: required(given, 'on'), controller, asOf };
    const show = wholeNumber(given, 'show', 0, 1_000_000_000);
    await printDiff(settings, { json: given['json'] === true, show }, streams);
    return 0;
  });
}
