/*
 * Base58 and Base62: bytes read as one large number, written in digits and letters.
 *
 * Base58 is Bitcoin's, without the check sum of addresses:
 * https://datatracker.ietf.org/doc/html/draft-msporny-base58-03
 * Base62 is done the same way over 0-9, A-Z, a-z, as GMP orders them. Each leading zero byte is a leading first digit, so
 * bytes come back as they were. Time grows with the square of the length: meant for keys and digests.
 */
#include "quern.h"

static const char BASE58[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
static const char BASE62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/*
 * Rewrites a number from one base into another: digits, most significant first, from `in` to the end of `out`, which has
 * `room` bytes. Returns how many digits the number has, without leading zeros.
 */
static uint32_t convert(const uint8_t *in, uint32_t length, uint32_t from, uint8_t *out, uint32_t room, uint32_t to) {
  uint32_t used = 0;
  for (uint32_t i = 0; i < length; i++) {
    uint32_t carry = in[i];
    for (uint32_t j = 0; j < used || carry; j++) {
      uint32_t digit = (j < used ? out[room - 1 - j] * from : 0) + carry;
      out[room - 1 - j] = (uint8_t)(digit % to);
      carry = digit / to;
      if (j >= used) used = j + 1;
    }
  }
  return used;
}

static uint32_t leading_zeros(const uint8_t *digits, uint32_t length) {
  uint32_t n = 0;
  while (n < length && digits[n] == 0) n++;
  return n;
}

static quern_text encode(quern_bytes data, const char *alphabet, uint32_t base) {
  uint32_t zeros = leading_zeros(data.data, data.length);
  uint32_t rest = data.length - zeros;
  /* A byte is fewer than 1.38 digits in base 58, and fewer still in base 62. */
  uint32_t room = zeros + (uint32_t)((uint64_t)rest * 138 / 100) + 1;
  uint8_t *out = quern_room(room);
  uint32_t used = convert(data.data + zeros, rest, 256, out, room, base);
  uint8_t *first = out + room - used - zeros;
  for (uint32_t i = 0; i < zeros + used; i++) first[i] = (uint8_t)(i < zeros ? alphabet[0] : alphabet[first[i]]);
  return (quern_text){first, zeros + used};
}

/* The value of a digit; -1 for what is none. */
static int value_of(uint8_t digit, const char *alphabet) {
  for (int i = 0; alphabet[i]; i++) {
    if (alphabet[i] == (char)digit) return i;
  }
  return -1;
}

static quern_bytes decode(quern_text text, const char *alphabet, uint32_t base) {
  uint32_t length = text.length;
  uint8_t *digits = quern_room(length);
  for (uint32_t i = 0; i < length; i++) {
    int value = value_of(text.data[i], alphabet);
    if (value < 0) return QUERN_NULL_TEXT;
    digits[i] = (uint8_t)value;
  }
  uint32_t zeros = leading_zeros(digits, length);
  /* There are never more bytes than digits. */
  uint8_t *out = quern_room(length);
  uint32_t used = convert(digits + zeros, length - zeros, base, out, length, 256);
  uint8_t *first = out + length - used - zeros;
  for (uint32_t i = 0; i < zeros; i++) first[i] = 0;
  return (quern_bytes){first, zeros + used};
}

/* base58_encode('Hello World!'::BLOB) is '2NEpo7TZRRrLZSi2U'. */
static quern_text base58_encode(quern_bytes data) { return encode(data, BASE58, 58); }
QUERN_FUNCTION(VARCHAR, base58_encode, BLOB)

/* base58_decode('2NEpo7TZRRrLZSi2U') is 'Hello World!'::BLOB; NULL for text with another character than the alphabet's. */
static quern_bytes base58_decode(quern_text text) { return decode(text, BASE58, 58); }
QUERN_FUNCTION(BLOB, base58_decode, VARCHAR)

/* base62_encode('Hello World!'::BLOB) is 'T8dgcjRGkZ3aysdN'. */
static quern_text base62_encode(quern_bytes data) { return encode(data, BASE62, 62); }
QUERN_FUNCTION(VARCHAR, base62_encode, BLOB)

/* base62_decode('T8dgcjRGkZ3aysdN') is 'Hello World!'::BLOB; NULL for text with another character than the alphabet's. */
static quern_bytes base62_decode(quern_text text) { return decode(text, BASE62, 62); }
QUERN_FUNCTION(BLOB, base62_decode, VARCHAR)
