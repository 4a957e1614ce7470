/**
 * The look of the page: readable on a phone first, on a desk and on A4 after it. Nothing is loaded from anywhere.
 * Colours keep a contrast of at least 4.5 : 1 in both schemes (WCAG 2.2, 1.4.3), and nothing is told by colour alone.
 */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ground:#f3f5f7;--ink:#1a2129;--soft:#55606b;--rule:#d5dbe1;--link:#0b57a4;
--good:#17663a;--good-ground:#e3f4e9;--warn:#8a4500;--warn-ground:#fff0dc;--plain-ground:#e8edf2}
@media (prefers-color-scheme:dark){:root{--paper:#1b2026;--ground:#12161a;--ink:#e7ebef;--soft:#a7b1bb;--rule:#39424b;--link:#8ec2ff;
--good:#8fdcab;--good-ground:#17362a;--warn:#ffc680;--warn-ground:#402c12;--plain-ground:#2a323a}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:17px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
.page{max-width:46rem;margin:0 auto;padding:0 1rem 3rem}
a{color:var(--link)}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.4rem .8rem}
header{padding:1rem 0 .5rem}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem .5rem;margin:0 0 1rem;padding:0}
nav a,nav strong{display:inline-block;padding:.35rem .7rem;border:1px solid var(--rule);border-radius:1rem;font-size:.9rem;text-decoration:none}
nav strong{background:var(--ink);color:var(--paper);border-color:var(--ink)}
h1{font-size:1.7rem;line-height:1.2;margin:.2rem 0}
h2{font-size:1.35rem;line-height:1.25;margin:2.2rem 0 .6rem}
h3{font-size:1.1rem;line-height:1.3;margin:1.4rem 0 .3rem}
h4{font-size:1.05rem;line-height:1.35;margin:0 0 .5rem}
p{margin:.3rem 0}
.who{color:var(--soft)}.asof{font-weight:600}
.card{background:var(--paper);border:1px solid var(--rule);border-radius:.7rem;padding:.9rem 1rem;margin:.7rem 0}
.summary{border-width:2px}
.summary ul{margin:0;padding:0;list-style:none}
.summary li{padding:.35rem 0 .35rem 1.6rem;position:relative}
.summary li::before{content:"•";position:absolute;left:.4rem;color:var(--soft)}
.summary li.good::before{content:"✓";color:var(--good)}
.summary li.warn::before{content:"!";font-weight:700;color:var(--warn)}
dl{margin:0}
dt{color:var(--soft);font-size:.88rem;margin-top:.6rem}
dt:first-child{margin-top:0}
dd{margin:.1rem 0 0}
dd ul{margin:0;padding:0;list-style:none}
dd li{padding:.12rem 0}
.detail{display:block;color:var(--soft);font-size:.88rem;padding-left:.8rem;border-left:3px solid var(--rule);margin:.15rem 0}
.badge{display:inline-block;font-size:.8rem;line-height:1.3;padding:.12rem .5rem;border-radius:.5rem;background:var(--plain-ground);color:var(--ink)}
.badge.good{background:var(--good-ground);color:var(--good)}
.badge.warn{background:var(--warn-ground);color:var(--warn)}
.badge.quiet{background:none;color:var(--soft);border:1px solid var(--rule);padding:.05rem .45rem}
.value{font-weight:600;overflow-wrap:anywhere}
.detail,dd,h4,li{overflow-wrap:break-word}
.common{border-style:dashed}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.8rem;margin:.2rem 0}
.number{overflow-wrap:anywhere}
@media (min-width:40rem){dl.rows{display:grid;grid-template-columns:11rem 1fr;column-gap:1rem}
dl.rows>dt{margin-top:.55rem}dl.rows>dd{margin-top:.5rem}dl.rows>dt:first-child,dl.rows>dt:first-child+dd{margin-top:0}}
@media print{@page{size:A4;margin:16mm 15mm}
:root{color-scheme:light;--paper:#fff;--ground:#fff;--ink:#000;--soft:#444;--rule:#999;--link:#000;--good:#000;--warn:#000;--good-ground:#fff;--warn-ground:#fff;--plain-ground:#fff}
html{font-size:10pt}body{font-size:9.5pt;line-height:1.35}.page{max-width:none;padding:0 1px}nav,.skip{display:none}
.card{break-inside:avoid;border-radius:0;padding:.4rem .6rem;margin:.35rem 0}h4{font-size:1.05em;margin-bottom:.2rem}dd li{padding:0}h2{margin:1.2rem 0 .3rem}h3{margin:.7rem 0 .2rem}
h2,h3{break-after:avoid}
.badge{border:1px solid #999;padding:0 .35rem}a{text-decoration:none}
dl.rows{display:grid;grid-template-columns:9rem 1fr;column-gap:.8rem}dl.rows>dt,dl.rows>dd{margin-top:.2rem}.summary li{padding:.1rem 0 .1rem 1.4rem}}
`.trim();
