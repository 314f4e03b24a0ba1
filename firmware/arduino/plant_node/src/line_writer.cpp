#include "line_writer.h"

namespace plant {

namespace {

char hex_digit(uint8_t nibble, char ten) {
  return static_cast<char>(nibble < 10 ? '0' + nibble : ten + nibble - 10);
}

}  // namespace

void LineWriter::put(uint8_t byte) {
  crc_ = crc16(crc_, byte);
  ++size_;
  sink_(byte);
}

LineWriter &LineWriter::raw(char c) {
  put(static_cast<uint8_t>(c));
  return *this;
}

LineWriter &LineWriter::raw(const FlashText *text) {
  const char *at = address(text);
  for (uint8_t c; (c = pgm_read_byte(at)) != 0; ++at) put(c);
  return *this;
}

void LineWriter::quoted(char c) {
  if (c == '"' || c == '\\') {
    put('\\');
  } else if (static_cast<uint8_t>(c) < 0x20) {
    raw(PV_FLASH("\\u00")).hex(static_cast<uint8_t>(c), 2);
    return;
  }
  put(static_cast<uint8_t>(c));
}

LineWriter &LineWriter::string(const char *text, uint8_t size) {
  put('"');
  for (uint8_t i = 0; i < size; ++i) quoted(text[i]);
  put('"');
  return *this;
}

LineWriter &LineWriter::string(const FlashText *text) { return raw('"').raw(text).raw('"'); }

LineWriter &LineWriter::padded(uint32_t value, uint8_t digits) {
  char text[10];
  uint8_t fill = 0;
  do {
    text[fill++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value || fill < digits);
  while (fill) put(static_cast<uint8_t>(text[--fill]));
  return *this;
}

LineWriter &LineWriter::fixed(int32_t value, uint8_t decimals) {
  uint32_t size = static_cast<uint32_t>(value);
  if (value < 0) {
    put('-');
    size = 0 - size;
  }
  uint16_t unit = 1;
  for (uint8_t i = 0; i < decimals; ++i) unit = static_cast<uint16_t>(unit * 10);
  number(size / unit);
  const uint16_t rest = static_cast<uint16_t>(size % unit);
  if (rest) {
    put('.');
    padded(rest, decimals);
  }
  return *this;
}

LineWriter &LineWriter::hex(uint32_t value, uint8_t digits) {
  while (digits--) put(static_cast<uint8_t>(hex_digit(value >> (4 * digits) & 0xF, 'a')));
  return *this;
}

LineWriter &LineWriter::comma(bool *first) {
  if (!*first) put(',');
  *first = false;
  return *this;
}

void LineWriter::end() {
  const uint16_t crc = crc_;
  sink_('*');
  for (uint8_t i = 4; i--;) sink_(static_cast<uint8_t>(hex_digit(crc >> (4 * i) & 0xF, 'A')));
  sink_('\n');
  crc_ = kCrcStart;
  size_ = 0;
}

}  // namespace plant
