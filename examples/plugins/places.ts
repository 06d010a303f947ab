// @ts-nocheck This is AssemblyScript: Quern checks it, and the types below are WebAssembly's.

/**
 * The geohash of a place in degrees, of 1 to 12 characters: the more, the smaller its cell, and places with the same
 * beginning are near each other. Longitudes outside of -180 to 180 go round the Earth. NULL for a latitude outside of -90
 * to 90 and for another length. Source: G. Niemeyer, http://geohash.org, 2008.
 *
 * geohash_encode(57.64911, 10.40744, 11) is 'u4pruydqqvj'.
 * @udf
 */
export function geohash_encode(latitude: f64, longitude: f64, length: i32): string | null {
  if (!isPlace(latitude, longitude) || length < 1 || length > 12) return null;
  const cell = new Cell(-180, 180, -90, 90);
  const east = wrap(longitude);
  let hash = '';
  let bits = 0;
  for (let i = 0; i < length * 5; i++) {
    const upper = (i & 1) === 0 ? cell.halveX(east) : cell.halveY(latitude);
    bits = (bits << 1) | (upper ? 1 : 0);
    if (i % 5 < 4) continue;
    hash += GEOHASH.charAt(bits);
    bits = 0;
  }
  return hash;
}

/**
 * The latitude, in degrees, of the middle of a geohash's cell; NULL for a text that is none.
 *
 * round(geohash_latitude('u4pruydqqvj'), 5) is 57.64911.
 * @udf
 */
export function geohash_latitude(hash: string): Opt<f64> {
  const cell = geohashCell(hash);
  return cell === null ? Opt.none<f64>() : Opt.of<f64>((cell.south + cell.north) / 2);
}

/**
 * The longitude, in degrees, of the middle of a geohash's cell; NULL for a text that is none.
 *
 * round(geohash_longitude('u4pruydqqvj'), 5) is 10.40744.
 * @udf
 */
export function geohash_longitude(hash: string): Opt<f64> {
  const cell = geohashCell(hash);
  return cell === null ? Opt.none<f64>() : Opt.of<f64>((cell.west + cell.east) / 2);
}

/**
 * The quadkey of the map tile with a place in degrees, at a zoom from 1 to 23: one digit a level, and a tile's key begins
 * with those of the tiles around it. Latitudes beyond 85.05112878 count as that, where the map ends. NULL for another zoom
 * and for what is no place. Source: J. Schwartz, "Bing Maps Tile System",
 * https://learn.microsoft.com/bingmaps/articles/bing-maps-tile-system.
 *
 * quadkey(47.61, -122.33, 9) is '021230030'.
 * @udf
 */
export function quadkey(latitude: f64, longitude: f64, zoom: i32): string | null {
  if (!isPlace(latitude, longitude) || zoom < 1 || zoom > 23) return null;
  const size = 2 ** zoom;
  const tangent = Math.sin((max(-MAP_END, min(MAP_END, latitude)) * Math.PI) / 180);
  const x = (wrap(longitude) + 180) / 360;
  const y = 0.5 - Math.log((1 + tangent) / (1 - tangent)) / (4 * Math.PI);
  const column = clamped(x * size, size);
  const row = clamped(y * size, size);
  let key = '';
  for (let bit = zoom - 1; bit >= 0; bit--) {
    key += String.fromCharCode(0x30 + ((column >> bit) & 1) + 2 * ((row >> bit) & 1));
  }
  return key;
}

/**
 * The column of a quadkey's tile, counted from 0 in the west; NULL for a text that is no quadkey.
 *
 * quadkey_x('213') is 3.
 * @udf
 */
export function quadkey_x(key: string): Opt<i32> {
  return known(quadkeyPart(key, 1));
}

/**
 * The row of a quadkey's tile, counted from 0 in the north; NULL for a text that is no quadkey.
 *
 * quadkey_y('213') is 5.
 * @udf
 */
export function quadkey_y(key: string): Opt<i32> {
  return known(quadkeyPart(key, 2));
}

/**
 * The latitude, in degrees, of the middle of a quadkey's tile; NULL for a text that is no quadkey.
 *
 * quadkey_latitude('0') is 66.51326 to five places.
 * @udf
 */
export function quadkey_latitude(key: string): Opt<f64> {
  const row = quadkeyPart(key, 2);
  if (row < 0) return Opt.none<f64>();
  const y = 0.5 - (row + 0.5) / 2 ** key.length;
  return Opt.of<f64>(90 - (360 * Math.atan(Math.exp(-y * 2 * Math.PI))) / Math.PI);
}

/**
 * The longitude, in degrees, of the middle of a quadkey's tile; NULL for a text that is no quadkey.
 *
 * quadkey_longitude('0') is -90.
 * @udf
 */
export function quadkey_longitude(key: string): Opt<f64> {
  const column = quadkeyPart(key, 1);
  if (column < 0) return Opt.none<f64>();
  return Opt.of<f64>(((column + 0.5) / 2 ** key.length) * 360 - 180);
}

/** A column or a row; NULL where there is none. */
function known(part: i32): Opt<i32> {
  return part < 0 ? Opt.none<i32>() : Opt.of<i32>(part);
}

const GEOHASH = '0123456789bcdefghjkmnpqrstuvwxyz';
const MAP_END: f64 = 85.05112878;

/** A rectangle in degrees that is halved again and again. */
class Cell {
  constructor(
    public west: f64,
    public east: f64,
    public south: f64,
    public north: f64,
  ) {}

  /** Keeps the half with a longitude; true for the eastern one. */
  halveX(longitude: f64): bool {
    const middle = (this.west + this.east) / 2;
    const upper = longitude >= middle;
    if (upper) this.west = middle;
    else this.east = middle;
    return upper;
  }

  /** Keeps the half with a latitude; true for the northern one. */
  halveY(latitude: f64): bool {
    const middle = (this.south + this.north) / 2;
    const upper = latitude >= middle;
    if (upper) this.south = middle;
    else this.north = middle;
    return upper;
  }
}

function isPlace(latitude: f64, longitude: f64): bool {
  return latitude >= -90 && latitude <= 90 && Math.abs(longitude) < Infinity;
}

/** A longitude from -180 up to, not including, 180. */
function wrap(longitude: f64): f64 {
  return longitude - 360 * Math.floor((longitude + 180) / 360);
}

/** The tile at a distance from the map's edge, in tiles; its rim belongs to the tiles beside it. */
function clamped(distance: f64, size: f64): i32 {
  return <i32>Math.max(0, Math.min(size - 1, Math.floor(distance)));
}

function geohashCell(hash: string): Cell | null {
  if (hash.length < 1 || hash.length > 12) return null;
  const cell = new Cell(-180, 180, -90, 90);
  for (let i = 0; i < hash.length * 5; i++) {
    const value = GEOHASH.indexOf(hash.charAt(i / 5).toLowerCase());
    if (value < 0) return null;
    const upper = ((value >> (4 - (i % 5))) & 1) === 1;
    // Each infinity lies in its own half.
    if ((i & 1) === 0) cell.halveX(upper ? Infinity : -Infinity);
    else cell.halveY(upper ? Infinity : -Infinity);
  }
  return cell;
}

/** One coordinate of a tile: the bits of the digits under a mask of 1 or 2; -1 when the text is no quadkey. */
function quadkeyPart(key: string, mask: i32): i32 {
  if (key.length < 1 || key.length > 23) return -1;
  let part = 0;
  for (let i = 0; i < key.length; i++) {
    const digit = key.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 3) return -1;
    part = (part << 1) | ((digit & mask) !== 0 ? 1 : 0);
  }
  return part;
}
