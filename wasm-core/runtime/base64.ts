const CHUNK_BYTES = 0x6000;

/** Base64 of bytes, padded (RFC 4648, section 4). Not for the hot path: the host's own codec uses Buffer. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  // In chunks of whole triples, so that no argument list grows with the input.
  for (let start = 0; start < bytes.byteLength; start += CHUNK_BYTES) {
    text += btoa(String.fromCharCode(...bytes.subarray(start, start + CHUNK_BYTES)));
  }
  return text;
}

/** Bytes of padded base64; undefined when the text is anything else. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
