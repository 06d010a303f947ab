import type { BytesValue } from '../../protocol/methods.ts';
export declare function decodeBytesValue(value: unknown, name: string): Uint8Array;
export declare function encodeBytesValue(bytes: Uint8Array): BytesValue;
