// A message going out byte by byte with its checksum: no buffer holds it whole. There is one cable,
// hence one writer.
#pragma once
#include <stdint.h>

#include "flash.h"

namespace plant {
namespace out {

// Where the bytes go; it waits until there is room. Before anything is written.
void begin(void (*sink)(uint8_t byte));

// JSON as it stands.
void raw(const FlashText *text);
void raw(char c);

// A string with its quotation marks; `text` is UTF-8.
void string(const char *text, uint8_t size);
void string(const FlashText *text);

// With zeros in front, at least so many digits.
void padded(uint32_t value, uint8_t digits);
inline void number(uint32_t value) { padded(value, 1); }
// `value` counts units of 10 to the power of minus `decimals`.
void fixed(int32_t value, uint8_t decimals);
// With leading zeros, lower case, without quotation marks.
void hex(uint32_t value, uint8_t digits);

// The key of a channel in an object: `"3":`, with a comma before it unless it is the first one.
void key(uint8_t channel, bool *first);

// The checksum and the end of the line.
void end();

}  // namespace out
}  // namespace plant
