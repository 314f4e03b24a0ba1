// The cable: 115200 8N1. Bytes come in by interrupt; what goes out waits for its turn, and listens
// meanwhile. The core's Serial would take 150 bytes of RAM for the same.
#ifdef __AVR__
#include "../hal.h"
#include "avr.h"

namespace {

const uint8_t kRing = 76;  // 6.6 ms: an EEPROM cell takes 3.4 ms, a DHT22 6.2 ms
const uint16_t kByteUs = 200;
volatile uint8_t ring[kRing];
volatile uint8_t head = 0, tail = 0;
volatile bool overrun = false;
bool (*hearer)(uint8_t byte) = nullptr;
void (*deaf)() = nullptr;

#ifdef USART0_RX_vect
#define PV_RX_vect USART0_RX_vect
#else
#define PV_RX_vect USART_RX_vect
#endif

uint8_t after(uint8_t place) {
  return place + 1 == kRing ? 0 : static_cast<uint8_t>(place + 1);
}

}  // namespace

ISR(PV_RX_vect) {
  const bool broken = UCSR0A & (_BV(FE0) | _BV(DOR0));
  const uint8_t byte = UDR0;
  const uint8_t next = after(head);
  if (broken) overrun = true;
  if (next == tail) {
    overrun = true;
  } else {
    ring[head] = byte;
    head = next;
  }
}

namespace plant {
namespace avr {

void uart_begin() {
  UBRR0 = 16;  // 117 647 baud, 2.1 % fast, as Arduino's own
  UCSR0A |= _BV(U2X0);
  UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
  UCSR0B = _BV(RXEN0) | _BV(TXEN0) | _BV(RXCIE0);
}

void listen(bool (*hear)(uint8_t byte), void (*lost)()) {
  deaf = lost;
  hearer = hear;
}

}  // namespace avr

namespace hal {

void idle() {
  if (!hearer) return;
  if (overrun) {
    overrun = false;
    deaf();
  }
  while (head != tail && hearer(ring[tail])) tail = after(tail);
}

// The byte before is on its way after 87 µs at the latest.
void uart_write(uint8_t byte) {
  const uint16_t began = static_cast<uint16_t>(micros());
  while (!(UCSR0A & _BV(UDRE0)) && static_cast<uint16_t>(static_cast<uint16_t>(micros()) - began) < kByteUs) idle();
  UDR0 = byte;
}

}  // namespace hal
}  // namespace plant
#endif
