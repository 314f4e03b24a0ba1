#include "line_writer.h"

#include "crc16.h"

namespace plant {
namespace out {

namespace {

void (*send)(uint8_t byte);
uint16_t crc;

uint8_t hex_digit(uint8_t nibble, uint8_t ten) {
  return static_cast<uint8_t>(nibble < 10 ? '0' + nibble : ten + nibble - 10);
}

void put(uint8_t byte) {
  crc = crc16(crc, byte);
  send(byte);
}

void quoted(uint8_t c) {
  if (c < 0x20) {
    raw(PV_FLASH("\\u00"));
    hex(c, 2);
    return;
  }
  if (c == '"' || c == '\\') put('\\');
  put(c);
}

}  // namespace

void begin(void (*sink)(uint8_t byte)) {
  send = sink;
  crc = kCrcStart;
}

void raw(char c) { put(static_cast<uint8_t>(c)); }

void raw(const FlashText *text) {
  const char *at = address(text);
  for (uint8_t c; (c = pgm_read_byte(at)) != 0; ++at) put(c);
}

void string(const char *text, uint8_t size) {
  put('"');
  while (size--) quoted(static_cast<uint8_t>(*text++));
  put('"');
}

void string(const FlashText *text) {
  put('"');
  raw(text);
  put('"');
}

void padded(uint32_t value, uint8_t digits) {
  uint8_t text[10];
  uint8_t fill = 0;
  do {
    text[fill++] = static_cast<uint8_t>('0' + value % 10);
    value /= 10;
  } while (value || fill < digits);
  while (fill) put(text[--fill]);
}

void fixed(int32_t value, uint8_t decimals) {
  if (value < 0) {
    put('-');
    value = -value;
  }
  uint16_t unit = 1;
  for (uint8_t i = decimals; i; --i) unit = static_cast<uint16_t>(unit * 10);
  number(static_cast<uint32_t>(value) / unit);
  const uint32_t rest = static_cast<uint32_t>(value) % unit;
  if (!rest) return;
  put('.');
  padded(rest, decimals);
}

void hex(uint32_t value, uint8_t digits) {
  for (uint8_t i = static_cast<uint8_t>(8 - digits); i; --i) value <<= 4;
  for (; digits; --digits, value <<= 4) put(hex_digit(static_cast<uint8_t>(value >> 28), 'a'));
}

void key(uint8_t channel, bool *first) {
  if (!*first) put(',');
  *first = false;
  put('"');
  number(channel);
  raw(PV_FLASH("\":"));
}

void end() {
  uint16_t sum = crc;
  crc = kCrcStart;
  send('*');
  for (uint8_t i = 4; i; --i, sum = static_cast<uint16_t>(sum << 4)) {
    send(hex_digit(static_cast<uint8_t>(sum >> 12), 'A'));
  }
  send('\n');
}

}  // namespace out
}  // namespace plant
