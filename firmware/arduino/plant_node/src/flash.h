// Words that live in flash: on an AVR every plain constant would cost RAM as well.
#pragma once
#include <stdint.h>
#include <string.h>

#ifdef __AVR__
#include <avr/pgmspace.h>
#else
#define PROGMEM
#define PSTR(text) (text)
#define pgm_read_byte(at) (*reinterpret_cast<const uint8_t *>(at))
#define pgm_read_word(at) (*reinterpret_cast<const uint16_t *>(at))
#define pgm_read_dword(at) (*reinterpret_cast<const uint32_t *>(at))
#define strlen_P strlen
#define memcmp_P memcmp
#define memcpy_P memcpy
#endif

namespace plant {

// A text in flash; a type of its own, so that nobody reads it as if it were in RAM.
class FlashText;

inline const FlashText *flash(const char *in_flash) {
  return reinterpret_cast<const FlashText *>(in_flash);
}
// The word with this number in a list of words, each with a zero behind it.
inline const FlashText *nth(const char *list, uint8_t number) {
  while (number--) list += strlen_P(list) + 1;
  return flash(list);
}

inline const char *address(const FlashText *text) { return reinterpret_cast<const char *>(text); }

}  // namespace plant

#define PV_FLASH(text) (::plant::flash(PSTR(text)))
