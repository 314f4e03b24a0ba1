// A message going out byte by byte with its checksum: no buffer holds it whole.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "crc16.h"
#include "flash.h"

namespace plant {

// Where the bytes go; it waits until there is room.
typedef void (*Sink)(uint8_t byte);

class LineWriter {
 public:
  explicit LineWriter(Sink sink) : sink_(sink) {}

  // JSON as it stands.
  LineWriter &raw(const FlashText *text);
  LineWriter &raw(char c);

  // A string with its quotation marks; `text` is UTF-8.
  LineWriter &string(const char *text, uint8_t size);
  LineWriter &string(const FlashText *text);

  LineWriter &number(uint32_t value) { return padded(value, 1); }
  // With zeros in front, at least so many digits.
  LineWriter &padded(uint32_t value, uint8_t digits);
  // `value` counts units of 10 to the power of minus `decimals` (0-3).
  LineWriter &fixed(int32_t value, uint8_t decimals);
  // With leading zeros, lower case, without quotation marks.
  LineWriter &hex(uint32_t value, uint8_t digits);

  // A comma before every entry but the first; `first` belongs to the caller's list.
  LineWriter &comma(bool *first);

  // The checksum and the end of the line; the writer is ready for the next message.
  void end();

  size_t size() const { return size_; }

 private:
  void put(uint8_t byte);
  void quoted(char c);

  Sink sink_;
  uint16_t crc_ = kCrcStart;
  size_t size_ = 0;
};

}  // namespace plant
