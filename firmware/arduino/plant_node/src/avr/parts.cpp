// A DHT22 and the I2C bus. Every wait is bounded.
#ifdef __AVR__
#include "../board.h"
#include "../hal.h"
#include "avr.h"

namespace plant {
namespace hal {

namespace {

const uint16_t kEdgeUs = 200;     // longer than anything a DHT22 does within a reading
const uint16_t kTransferUs = 2000;  // a byte at 100 kHz takes 90

// Waits until the pin has this level; false if that takes too long.
bool wait_for(volatile uint8_t *in, uint8_t mask, bool level) {
  const uint16_t began = static_cast<uint16_t>(micros());
  while (((*in & mask) != 0) != level) {
    if (static_cast<uint16_t>(static_cast<uint16_t>(micros()) - began) > kEdgeUs) return false;
  }
  return true;
}

}  // namespace

// Aosong AM2302: the host pulls low for 1 ms at least and lets go; the part answers with 80 µs low
// and 80 µs high, and sends 40 bits of 50 µs low and 26 µs (0) or 70 µs (1) high. Measured from one
// falling edge to the next, 76 or 120 µs: interrupts may come in between, so the cable stays heard
// and a pulse of a pump ends in time.
bool dht22_read(uint8_t pin, uint8_t *bytes) {
  volatile uint8_t *const in = avr::pin_port(pin);
  const uint8_t mask = digitalPinToBitMask(pin);
  pin_output(pin, false);
  delayMicroseconds(1200);
  pin_input(pin);
  bool good = true;
  uint16_t edge = 0;
  // Two pairs of edges are the answer, one for each bit follows; the bits before the first push
  // themselves out of the byte.
  for (uint8_t pair = 0; pair < 2 + 40 && good; ++pair) {
    good = wait_for(in, mask, true) && wait_for(in, mask, false);
    const uint16_t now = static_cast<uint16_t>(micros());
    const bool one = static_cast<uint16_t>(now - edge) > 98;
    edge = now;
    uint8_t &byte = bytes[pair < 2 ? 0 : (pair - 2) >> 3];
    byte = static_cast<uint8_t>(byte << 1 | one);
  }
  return good && static_cast<uint8_t>(bytes[0] + bytes[1] + bytes[2] + bytes[3]) == bytes[4];
}

namespace {

// Starts the next step of a transfer and waits for its end; gives the status, 0 for none.
uint8_t step(uint8_t control) {
  TWCR = static_cast<uint8_t>(control | _BV(TWINT) | _BV(TWEN));
  const uint16_t began = static_cast<uint16_t>(micros());
  while (!(TWCR & _BV(TWINT))) {
    if (static_cast<uint16_t>(static_cast<uint16_t>(micros()) - began) > kTransferUs) return 0;
  }
  return TWSR & 0xF8;
}

bool begin(uint8_t address) {
  pin_input(kSda);  // weak pull-ups, for a board without its own
  pin_input(kScl);
  TWSR = 0;
  TWBR = 72;  // 100 kHz
  if (step(_BV(TWSTA)) != 0x08) return false;
  TWDR = address;
  const uint8_t status = step(0);
  return status == 0x18 || status == 0x40;  // somebody is there
}

bool end(bool good) {
  TWCR = _BV(TWINT) | _BV(TWSTO) | _BV(TWEN);
  const uint16_t began = static_cast<uint16_t>(micros());
  while (TWCR & _BV(TWSTO)) {
    if (static_cast<uint16_t>(static_cast<uint16_t>(micros()) - began) > kTransferUs) break;
  }
  TWCR = 0;
  return good;
}

}  // namespace

bool twi_write(uint8_t address, uint8_t byte) {
  if (!begin(static_cast<uint8_t>(address << 1))) return end(false);
  TWDR = byte;
  return end(step(0) == 0x28);
}

bool twi_read(uint8_t address, uint8_t *bytes, uint8_t count) {
  if (!begin(static_cast<uint8_t>(address << 1 | 1))) return end(false);
  bool good = true;
  while (good && count--) {
    const uint8_t status = step(count ? _BV(TWEA) : 0);  // the last one is not acknowledged
    good = status == (count ? 0x50 : 0x58);
    *bytes++ = TWDR;
  }
  return end(good);
}

}  // namespace hal
}  // namespace plant
#endif
