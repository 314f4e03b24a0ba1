// A reader for one small JSON object, without a heap and without recursion.
//
// The text stays where it is: tokens point into it, and only what somebody asks for is copied.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "flash.h"

namespace plant {

// kPower is a number with an exponent: JSON, but nothing that anybody has to say to a node.
enum class Json : uint8_t { kString, kInteger, kDecimal, kPower, kWord, kObject, kArray };

// A value as it stands in the text: a string without its quotation marks, still with its escapes;
// a number or word as written; objects and arrays are only named (`text` is empty).
struct Token {
  Json type;
  const char *text;
  size_t size;
};

// Decodes the escapes of a string token into `out`. False if `most` bytes are too few for it.
bool decode(const Token &token, char *out, uint8_t most, uint8_t *size);

// Whether the decoded string is exactly `word`.
bool same(const Token &token, const FlashText *word);

// A number times 10 to the power of `decimals`, cut to an integer; kept at the ends of the range
// where it does not fit.
int32_t scaled(const Token &token, uint8_t decimals);

// What `walk` finds; `inside` is the name of the object around, null at the top.
class Visitor {
 public:
  virtual void field(const Token *inside, const Token &name, const Token &value) = 0;

 protected:
  ~Visitor() {}
};

// Reads one object and nothing else, of at most two levels of objects and arrays below it. Calls
// `field` for the fields at the top and for those of objects directly below. False for everything
// that is not JSON, whatever `field` has been told until then.
bool walk(const char *text, size_t size, Visitor *visitor);

}  // namespace plant
