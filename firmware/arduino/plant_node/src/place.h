// Where something is connected: a pin as it is printed on the board, perhaps active low, or I2C.
#pragma once
#include <stdint.h>

#include "line_writer.h"
#include "tables.h"

namespace plant {

class Place {
 public:
  Place() = default;
  explicit Place(uint8_t code) : code_(code) {}
  static Place on(uint8_t pin, bool inverted) {
    return Place(static_cast<uint8_t>(pin | (inverted ? kInverted : 0)));
  }
  static Place i2c() { return Place(kI2c); }
  static Place nowhere() { return Place(kNowhere); }

  // Reads `A0`, `D7`, `!D7`, `i2c`; false for everything else, and for pins this board has not got.
  static bool parse(const char *text, uint8_t size, Place *out);

  uint8_t code() const { return code_; }  // one byte that is kept
  uint8_t pin() const { return code_ & 0x7F; }
  bool inverted() const { return code_ & kInverted && code_ != kNowhere; }
  bool is_i2c() const { return code_ == kI2c; }
  void write() const;  // as a string

 private:
  static const uint8_t kInverted = 0x80, kI2c = 0x7E, kNowhere = 0xFF;
  uint8_t code_;
};

// Whether a channel of this kind can be at this place at all.
bool fits(Kind kind, Place place);

// Whether two channels can't be wired like this at the same time.
bool collide(Kind one, Place at, Kind other, Place there);

// The kind with this name in the protocol, or kNone.
Kind kind_named(const char *text, uint8_t size);

// Its row, in flash.
const KindRow *row_of(Kind kind);

// Its name in the protocol.
const FlashText *name_of(Kind kind);

inline bool is_contact(Kind kind) { return kind == Kind::kTank || kind == Kind::kLeak; }
inline bool is_actuator(Kind kind) { return kind == Kind::kPump || kind == Kind::kLight; }

}  // namespace plant
