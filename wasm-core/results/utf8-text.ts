// Every place that JavaScript runs has it; this layer's library of types, free of platforms, does not.
declare const TextDecoder: new (
  label: string,
  options: { readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

// A byte order mark is a character of the value. Decoders without `stream` keep nothing between calls.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text of UTF-8 bytes. */
export function utf8Text(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
