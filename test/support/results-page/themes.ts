/** How the editor dresses a page: variables on the root element, classes on the body. */
export interface Theme {
  readonly name: string;
  readonly bodyClass: string;
  readonly dark: boolean;
  /** Colours by the ends of their variables' names. */
  readonly colors: Readonly<Record<string, string>>;
}

const FONTS = {
  'font-family': 'system-ui, "Ubuntu", "Droid Sans", sans-serif',
  'font-size': '13px',
  'font-weight': 'normal',
  'editor-font-family': '"Droid Sans Mono", "monospace", monospace',
  'editor-font-size': '14px',
};

/** Visual Studio Code's default themes, as far as a page of ours asks for their colours. */
export const THEMES: readonly Theme[] = [
  {
    name: 'Dark Modern',
    bodyClass: 'vscode-dark',
    dark: true,
    colors: {
      ...FONTS,
      'button-border': '#ffffff1a',
      'button-secondaryBackground': '#00000000',
      'button-secondaryForeground': '#cccccc',
      'button-secondaryHoverBackground': '#2b2b2b',
      descriptionForeground: '#9d9d9d',
      'editor-background': '#1f1f1f',
      'editor-foreground': '#cccccc',
      'editorGroup-border': '#ffffff17',
      errorForeground: '#f85149',
      focusBorder: '#0078d4',
      foreground: '#cccccc',
      'list-activeSelectionBackground': '#04395e',
      'list-activeSelectionForeground': '#ffffff',
      'list-hoverBackground': '#2a2d2e',
      'list-inactiveSelectionBackground': '#37373d',
      'panel-border': '#2b2b2b',
      'panelTitle-activeBorder': '#0078d4',
      'panelTitle-activeForeground': '#cccccc',
      'progressBar-background': '#0078d4',
      'sash-hoverBorder': '#0078d4',
      'scrollbarSlider-background': '#79797966',
      'textCodeBlock-background': '#2b2b2b',
      'textLink-activeForeground': '#4daafc',
      'textLink-foreground': '#4daafc',
    },
  },
  {
    name: 'Light Modern',
    bodyClass: 'vscode-light',
    dark: false,
    colors: {
      ...FONTS,
      'button-border': '#0000001a',
      'button-secondaryBackground': '#e5e5e5',
      'button-secondaryForeground': '#3b3b3b',
      'button-secondaryHoverBackground': '#cccccc',
      descriptionForeground: '#3b3b3b',
      'editor-background': '#ffffff',
      'editor-foreground': '#3b3b3b',
      'editorGroup-border': '#e5e5e5',
      errorForeground: '#f85149',
      focusBorder: '#005fb8',
      foreground: '#3b3b3b',
      'list-activeSelectionBackground': '#e8e8e8',
      'list-activeSelectionForeground': '#000000',
      'list-hoverBackground': '#f2f2f2',
      'list-inactiveSelectionBackground': '#e4e6f1',
      'panel-border': '#e5e5e5',
      'panelTitle-activeBorder': '#005fb8',
      'panelTitle-activeForeground': '#3b3b3b',
      'progressBar-background': '#005fb8',
      'sash-hoverBorder': '#005fb8',
      'scrollbarSlider-background': '#64646466',
      'textCodeBlock-background': '#f8f8f8',
      'textLink-activeForeground': '#005fb8',
      'textLink-foreground': '#005fb8',
    },
  },
  {
    name: 'Dark High Contrast',
    bodyClass: 'vscode-high-contrast',
    dark: true,
    colors: {
      ...FONTS,
      'button-border': '#6fc3df',
      'button-secondaryForeground': '#ffffff',
      contrastActiveBorder: '#f38518',
      contrastBorder: '#6fc3df',
      descriptionForeground: '#ffffffb3',
      'editor-background': '#000000',
      'editor-foreground': '#ffffff',
      'editorGroup-border': '#6fc3df',
      errorForeground: '#f48771',
      focusBorder: '#f38518',
      foreground: '#ffffff',
      'panel-border': '#6fc3df',
      'panelTitle-activeBorder': '#6fc3df',
      'panelTitle-activeForeground': '#ffffff',
      'progressBar-background': '#6fc3df',
      'sash-hoverBorder': '#f38518',
      'scrollbarSlider-background': '#6fc3df99',
      'textCodeBlock-background': '#000000',
      'textLink-activeForeground': '#21a6ff',
      'textLink-foreground': '#21a6ff',
    },
  },
];

/** A theme by its name. */
export function themeNamed(name: string): Theme {
  const theme = THEMES.find((t) => t.name === name);
  if (theme === undefined) throw new Error(`There is no theme ${name}.`);
  return theme;
}
