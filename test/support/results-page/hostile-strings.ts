import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';

/** What each of these would do to a page that took it for markup or a program is to call `quernFault`. */
const PROGRAMS = [
  "quernFault('ran')",
  "javascript:quernFault('ran')",
  'quernFault`ran`',
  "top.quernFault('ran')",
  "eval('quernFault(1)')",
  "setTimeout('quernFault(1)')",
  "Function('quernFault(1)')()",
  "import('data:text/javascript,quernFault(1)')",
  '\u202equernFault(1)\u202c',
  'quernFault(1)\u0000',
  'quernFault(1)//\u2028',
  '&#113;uernFault(1)',
  '\\u0071uernFault(1)',
];

/** Places that a text may stand in, `*` where it does. */
const PLACES = [
  '*',
  '<script>*</script>',
  '</script><script>*</script>',
  '<script src=data:text/javascript,*></script>',
  '<img src=x onerror=*>',
  '<img src="x" onerror="*">',
  "<img src='x' onerror='*'/>",
  '"><img src=x onerror=*>',
  "' onfocus=* autofocus tabindex=1 x='",
  '" onmouseover="*" x="',
  '<svg onload=*>',
  '<svg><script>*</script></svg>',
  '<svg><animate onbegin=* attributeName=x dur=1s>',
  '<iframe src="*"></iframe>',
  '<iframe srcdoc="<script>parent.*</script>"></iframe>',
  '<object data="*"></object>',
  '<embed src="*">',
  '<a href="*" autofocus>x</a>',
  '<form action="*"><button autofocus>x</button></form>',
  '<form><button formaction="*">x',
  '<input onfocus=* autofocus>',
  '<select onfocus=* autofocus>',
  '<textarea onfocus=* autofocus>',
  '<details open ontoggle=*>',
  '<video><source onerror=*></video>',
  '<audio src onerror=*>',
  '<body onload=*>',
  '<body background="*">',
  '<math><mtext><table><mglyph><style><img src onerror=*>',
  '<template><img src onerror=*></template>',
  '<noscript><p title="</noscript><img src onerror=*>">',
  '<link rel=stylesheet href="*">',
  '<link rel=import href="*">',
  '<base href="*">',
  '<meta http-equiv=refresh content="0;url=*">',
  '<style>@import "*";</style>',
  '<style>*{display:none}</style>',
  '<div style="background:url(*)">',
  '<div style="width:expression(*)">',
  '<marquee onstart=*>',
  '<xss id=x tabindex=1 onfocus=*>',
  '</main></body><script>*</script>',
  '<!--><script>*</script>-->',
  '<![CDATA[><script>*</script>]]>',
  '<?xml version="1.0"?><x onload="*"/>',
  '$' + '{*}',
  '{{*}}',
  '<%= * %>',
  '#{*}',
  '[x](javascript:*)',
  '![x](x onerror=*)',
  '`*`',
  "'; *; '",
  '"; *; "',
  '\\"; *; //',
  '*/*/*',
  '=cmd|* !A1',
  '\u202e*',
  '\u2066*\u2069\u200f',
  '\u0000*',
  '\u001b]8;;*\u0007x\u001b]8;;\u0007',
  '\r\n*\t',
  '\ufeff*',
  'Z\u0351\u0343a\u0321*\u0335',
  '\u{e0001}\u{e0041}*',
  '\ud83d\ude00*\u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
  '&lt;script&gt;*&lt;/script&gt;',
  '%3Cscript%3E*%3C/script%3E',
  '\\x3cscript\\x3e*\\x3c/script\\x3e',
];

/** Names that a program may find on its objects. */
const NAMES = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'then', 'length'],
  ...['undefined', 'null', 'NaN', 'true', '-0', '1e999', '', ' ', '\u00a0', '\t', '\n', '\u3000'],
];

/** Half characters, which no UTF-8 has, so that they come from programs alone. */
const HALVES = ['\ud800', '\udfff', 'a\ud83d', '\ude00b', '\udc00\ud800'];

/** Strings that no engine can hold, since they are no Unicode. */
export function isUnicode(text: string): boolean {
  return !/\p{Cs}/u.test(text);
}

/** More than 1,000 strings that break things, the same each time; where `QUERN_CORPORA` has more, those too. */
export function hostileStrings(): string[] {
  const written = PLACES.flatMap((place) => PROGRAMS.map((program) => place.replaceAll('*', () => program)));
  const random = fc.sample(fc.string({ unit: 'binary', maxLength: 60 }), { numRuns: 300, seed: 8 });
  return [...new Set([...written, ...NAMES, ...HALVES, ...random, ...naughtyStrings()])];
}

function naughtyStrings(): string[] {
  const file = path.join(process.env.QUERN_CORPORA ?? 'no-corpora', 'naughty-strings/blns.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as string[]) : [];
}
