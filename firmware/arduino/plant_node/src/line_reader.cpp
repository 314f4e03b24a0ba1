#include "line_reader.h"

#include "crc16.h"

namespace plant {

namespace {

// The value of an upper-case hex digit, or -1.
int8_t hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return static_cast<int8_t>(digit - '0');
  if (digit >= 'A' && digit <= 'F') return static_cast<int8_t>(digit - 'A' + 10);
  return -1;
}

bool crc_matches(const char *json, size_t size, const char *tail) {
  uint16_t said = 0;
  for (uint8_t i = 1; i <= 4; ++i) {
    const int8_t value = hex_value(tail[i]);
    if (value < 0) return false;
    said = static_cast<uint16_t>(said << 4 | value);
  }
  uint16_t crc = kCrcStart;
  for (size_t i = 0; i < size; ++i) crc = crc16(crc, static_cast<uint8_t>(json[i]));
  return crc == said;
}

}  // namespace

bool is_utf8(const char *text, size_t size) {
  uint8_t left = 0;               // continuation bytes still to come
  uint8_t low = 0x80, high = 0xBF;  // what the next of them may be
  for (size_t i = 0; i < size; ++i) {
    const uint8_t byte = static_cast<uint8_t>(text[i]);
    if (left) {
      if (byte < low || byte > high) return false;
      low = 0x80;
      high = 0xBF;
      --left;
    } else if (byte < 0x80) {
      continue;
    } else if (byte >= 0xC2 && byte <= 0xDF) {
      left = 1;
    } else if (byte >= 0xE0 && byte <= 0xEF) {
      left = 2;
      if (byte == 0xE0) low = 0xA0;
      if (byte == 0xED) high = 0x9F;
    } else if (byte >= 0xF0 && byte <= 0xF4) {
      left = 3;
      if (byte == 0xF0) low = 0x90;
      if (byte == 0xF4) high = 0x8F;
    } else {
      return false;
    }
  }
  return left == 0;
}

LineReader::Result LineReader::take(uint8_t byte) {
  if (byte == '\n') return finish();
  if (fill_ < sizeof line_) {
    line_[fill_++] = static_cast<char>(byte);
  } else {
    spoilt_ = true;
  }
  return kMore;
}

LineReader::Result LineReader::finish() {
  const bool spoilt = spoilt_;
  size_t size = fill_;
  fill_ = 0;
  spoilt_ = false;
  if (size && line_[size - 1] == '\r') --size;
  if (!spoilt && size == 0) return kEmpty;
  if (!spoilt && size > kTail && size <= kJsonMax + kTail) {
    const size_t json = size - kTail;
    if (line_[json] == '*' && crc_matches(line_, json, line_ + json) && is_utf8(line_, json)) {
      size_ = static_cast<uint16_t>(json);
      return kMessage;
    }
  }
  if (dropped_ != 0xFFFF) ++dropped_;
  return kMore;
}

}  // namespace plant
