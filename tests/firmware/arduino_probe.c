/* A small program for the tests of the simulated AVR: one letter in, one line out. No libraries of
   Arduino's, so that what is tested is the simulator and not somebody's driver. */
#include <avr/eeprom.h>
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/wdt.h>
#include <util/delay.h>
#include <util/twi.h>

static uint8_t cause __attribute__((section(".noinit")));
static volatile uint16_t ticks;

void first(void) __attribute__((naked, used, section(".init3")));
void first(void) {
  cause = MCUSR;
  MCUSR = 0;
  wdt_disable();
}

ISR(TIMER1_COMPA_vect) { ticks++; PORTD ^= _BV(6); }

static void put(char c) {
  while (!(UCSR0A & _BV(UDRE0))) {}
  UDR0 = c;
}
static void number(uint16_t n) {
  if (n > 9) number(n / 10);
  put('0' + n % 10);
}
static void line(uint16_t n) { number(n); put('\n'); }

static char get(void) {
  while (!(UCSR0A & _BV(RXC0))) {}
  return UDR0;
}

static uint16_t convert(void) {
  ADMUX = _BV(REFS0) | 1;
  ADCSRA = _BV(ADEN) | _BV(ADSC) | 7;
  while (ADCSRA & _BV(ADSC)) {}
  return ADC;
}

static uint8_t wire(uint8_t control) {
  TWCR = _BV(TWINT) | _BV(TWEN) | control;
  while (!(TWCR & _BV(TWINT))) {}
  return TW_STATUS;
}
static uint8_t address(uint8_t byte) {
  wire(_BV(TWSTA));
  TWDR = byte;
  return wire(0);
}
static uint16_t lux(void) {
  uint8_t there = address(0x23 << 1);
  TWDR = 0x10;
  if (there != TW_MT_SLA_ACK || wire(0) != TW_MT_DATA_ACK) return 1;
  TWCR = _BV(TWINT) | _BV(TWEN) | _BV(TWSTO);
  _delay_ms(190);
  if (address(0x23 << 1 | 1) != TW_MR_SLA_ACK) return 2;
  wire(_BV(TWEA));
  uint16_t counts = TWDR << 8;
  wire(0);
  counts |= TWDR;
  TWCR = _BV(TWINT) | _BV(TWEN) | _BV(TWSTO);
  return counts;
}

static uint16_t micros_while(uint8_t level) {
  uint16_t n = 0;
  while (((PIND >> 2) & 1) == level && n < 200) { _delay_us(1); n++; }
  return n;
}
static void dht(void) {
  uint8_t bytes[5] = {0};
  DDRD |= _BV(2);
  PORTD &= ~_BV(2);
  _delay_ms(2);
  DDRD &= ~_BV(2);
  micros_while(1);
  micros_while(0);
  micros_while(1);
  for (uint8_t bit = 0; bit < 40; bit++) {
    micros_while(0);
    bytes[bit / 8] = bytes[bit / 8] << 1 | (micros_while(1) > 20);
  }
  for (uint8_t i = 0; i < 5; i++) { number(bytes[i]); put(i < 4 ? ',' : '\n'); }
}

/* One half of a write to cell 5: mode 1 erases, 2 clears bits. */
static void half(uint8_t mode, uint8_t byte) {
  eeprom_busy_wait();
  EEAR = 5;
  EEDR = byte;
  cli();
  EECR = mode << EEPM0 | _BV(EEMPE);
  EECR |= _BV(EEPE);
  sei();
  line(5);
}

int main(void) {
  uint16_t dots = 0;
  UBRR0 = 16;
  UCSR0A = _BV(U2X0);
  UCSR0B = _BV(RXEN0) | _BV(TXEN0);
  DDRD |= _BV(7) | _BV(6);
  PORTD |= _BV(3); /* a pull-up */
  TCCR1B = _BV(WGM12) | _BV(CS11) | _BV(CS10);
  OCR1A = 2499; /* 10 ms */
  sei();
  line(cause);
  for (;;) {
    switch (get()) {
      case 'a': line(convert()); break;
      case 'd': dht(); break;
      case 'e': eeprom_update_byte((uint8_t *)5, eeprom_read_byte((uint8_t *)5) - 1); line(5); break;
      case 'b': half(1, 0); break;
      case 'c': half(2, 0x3C); break;
      case 'i': line((PIND >> 3) & 1); break;
      case 'l': line(lux()); break;
      case 'n': PORTD &= ~_BV(7); break;
      case 'p': PORTD |= _BV(7); break;
      case 's': _delay_ms(2); break; /* deaf for a while */
      case 't': TIMSK1 = _BV(OCIE1A); break;
      case 'w': wdt_enable(WDTO_250MS); break;
      case '.': dots++; break;
      case '=': line(dots); dots = 0; break;
    }
  }
}
