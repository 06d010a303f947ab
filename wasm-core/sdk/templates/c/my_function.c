#include "quern.h"

/// The text a number of times: my_function('ab', 2) is 'abab'. NULL below 0 and above 1,000 times.
/// @udf my_function(text VARCHAR, times INTEGER) -> VARCHAR
static quern_text my_function(quern_text text, int32_t times) {
  if (times < 0 || times > 1000) return QUERN_NULL_TEXT;
  uint32_t length = text.length * (uint32_t)times;
  uint8_t *room = quern_room(length);
  for (uint32_t i = 0; i < length; i += text.length) quern_copy(room + i, text.data, text.length);
  return (quern_text){room, length};
}
QUERN_FUNCTION(VARCHAR, my_function, VARCHAR, INTEGER)
