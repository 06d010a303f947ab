import { durationText, percentText } from '../../protocol/figures.ts';
import { ENGLISH, type Localizer } from '../../protocol/localizer.ts';
import { fittedText, type Picture, type PictureLook, type Shape, textWidth } from './picture.ts';

/** Where the time of a target's run goes, microseconds; the three together are the run. */
export interface SplitRow {
  readonly label: string;
  readonly engine: number;
  readonly functions: number;
  /** What it takes to hand values over to functions and back. */
  readonly transfer: number;
}

const PARTS = ['engine', 'functions', 'transfer'] as const;

const SIDE_PX = 12;
const TOP_PX = 26;
const ROW_PX = 46;
const BAR_PX = 16;

/**
 * Bars as long as the runs, cut into what the engine, plugin functions and the way between them took.
 *
 * @param options.width pixels
 */
export function splitPicture(rows: readonly SplitRow[], { width, l10n = ENGLISH }: PictureLook): Picture {
  const names = partNames(l10n);
  const longest = rows.reduce((most, row) => Math.max(most, total(row)), 0);
  const perMicro = longest > 0 ? (width - 2 * SIDE_PX) / longest : 0;
  return {
    width,
    height: TOP_PX + rows.length * ROW_PX + 4,
    title: l10n.t('Where the time goes'),
    description: rows.map((row) => described(row, names)).join(' '),
    shapes: [
      ...legend(names),
      ...rows.flatMap((row, index) =>
        rowShapes(row, { perMicro, width, names, top: TOP_PX + index * ROW_PX }),
      ),
    ],
  };
}

function total({ engine, functions, transfer }: SplitRow): number {
  return engine + functions + transfer;
}

type PartNames = Readonly<Record<(typeof PARTS)[number], string>>;

function partNames(l10n: Localizer): PartNames {
  return { engine: l10n.t('engine'), functions: l10n.t('functions'), transfer: l10n.t('transfer') };
}

function described(row: SplitRow, names: PartNames): string {
  const parts = PARTS.map((part) => `${names[part]} ${durationText(row[part])}`);
  return `${row.label}: ${parts.join(', ')}.`;
}

function legend(names: PartNames): Shape[] {
  let x = SIDE_PX;
  return PARTS.flatMap((part): Shape[] => {
    const left = x;
    x += textWidth(names[part]) + 40;
    return [
      { type: 'rect', x: left, y: 5, width: 10, height: 10, tone: part },
      { type: 'text', x: left + 15, y: 14, text: names[part], anchor: 'start', tone: 'quiet' },
    ];
  });
}

function rowShapes(
  row: SplitRow,
  {
    perMicro,
    top,
    width,
    names,
  }: {
    readonly perMicro: number;
    readonly top: number;
    readonly width: number;
    readonly names: PartNames;
  },
): Shape[] {
  const all = total(row);
  let x = SIDE_PX;
  const bars = PARTS.flatMap((part): Shape[] => {
    const micros = row[part];
    if (micros <= 0) return [];
    const title = `${names[part]}: ${durationText(micros)}, ${percentText(micros, all)}`;
    const left = x;
    const length = micros * perMicro;
    x += length;
    // The gap tells parts apart where colours do not.
    const bar = { x: left, y: top + 22, width: Math.max(1, length - 2), height: BAR_PX };
    return [{ type: 'rect', ...bar, tone: part, title }];
  });
  const shares = PARTS.filter((part) => row[part] > 0).map(
    (part) => `${names[part]} ${percentText(row[part], all)}`,
  );
  const figures = `${durationText(all)}: ${shares.join(', ')}`;
  const room = width - 2 * SIDE_PX - textWidth(figures) - 16;
  return [
    {
      type: 'text',
      x: SIDE_PX,
      y: top + 14,
      text: fittedText(row.label, Math.max(60, room), { isStrong: true }),
      anchor: 'start',
      tone: 'text',
      isStrong: true,
    },
    { type: 'text', x: width - SIDE_PX, y: top + 14, text: figures, anchor: 'end', tone: 'quiet' },
    ...bars,
  ];
}
