#include "json.h"

#include <string.h>

#include "flash.h"

namespace plant {

namespace {

const int8_t kDepthMax = 3;  // the message and two levels below

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int8_t hex_digit(char c) {
  if (is_digit(c)) return static_cast<int8_t>(c - '0');
  c = static_cast<char>(c | 0x20);
  return c >= 'a' && c <= 'f' ? static_cast<int8_t>(c - 'a' + 10) : -1;
}

// The four digits of \uXXXX, or -1.
int32_t code_unit(const char *at, const char *end) {
  if (end - at < 4) return -1;
  uint16_t unit = 0;
  for (uint8_t i = 0; i < 4; ++i) {
    const int8_t digit = hex_digit(at[i]);
    if (digit < 0) return -1;
    unit = static_cast<uint16_t>(unit << 4 | digit);
  }
  return unit;
}

// Reads one character of a string, escaped or not, at `at`; -1 if it is none. Bytes of UTF-8 are
// given one by one, with `raw` set.
int32_t next_character(const char *&at, const char *end, bool *raw) {
  const uint8_t byte = static_cast<uint8_t>(*at++);
  *raw = byte != '\\';
  if (*raw) return byte < 0x20 ? -1 : byte;
  if (at == end) return -1;
  const char escape = *at++;
  if (escape != 'u') {
    switch (escape) {
      case '"':
      case '\\':
      case '/':
        return escape;
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      default:
        return -1;
    }
  }
  const int32_t unit = code_unit(at, end);
  if (unit < 0) return -1;
  at += 4;
  if (unit < 0xD800 || unit > 0xDFFF) return unit;
  if (unit > 0xDBFF || end - at < 6 || at[0] != '\\' || at[1] != 'u') return -1;
  const int32_t second = code_unit(at + 2, end);
  if (second < 0xDC00 || second > 0xDFFF) return -1;
  at += 6;
  return 0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00);
}

// One character as UTF-8, with so many bytes behind the first one.
void encode(int32_t character, uint8_t more, char *out) {
  const uint8_t lead = more == 0 ? 0 : more == 1 ? 0xC0 : more == 2 ? 0xE0 : 0xF0;
  for (uint8_t i = more; i; --i) {
    out[i] = static_cast<char>(0x80 | (character & 0x3F));
    character >>= 6;
  }
  *out = static_cast<char>(lead | character);
}

class Walker {
 public:
  Walker(const char *text, size_t size, Visitor *visitor)
      : at_(text), end_(text + size), visitor_(visitor) {}

  bool run();

 private:
  void space() {
    while (at_ < end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r' || *at_ == '\n')) ++at_;
  }
  bool mark(char c) {
    space();
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  bool string(Token *token);
  bool number(Token *token);
  bool word(Token *token);
  bool value(Token *token);
  bool item();
  bool enter(const Token &token);
  bool digits();

  const char *at_;
  const char *const end_;
  Visitor *const visitor_;
  Token inside_ = {Json::kString, nullptr, 0};  // the name of the container below the top
  int8_t depth_ = 0;                            // containers that are open
  uint8_t arrays_ = 0;                          // bit n: the container at depth n is an array
};

bool Walker::string(Token *token) {
  if (!mark('"')) return false;
  const char *const begin = at_;
  bool raw;
  while (at_ < end_ && *at_ != '"') {
    if (next_character(at_, end_, &raw) < 0) return false;
  }
  if (at_ == end_) return false;
  *token = {Json::kString, begin, static_cast<size_t>(at_ - begin)};
  ++at_;
  return true;
}

bool Walker::digits() {
  const char *const begin = at_;
  while (at_ < end_ && is_digit(*at_)) ++at_;
  return at_ != begin;
}

bool Walker::number(Token *token) {
  const char *const begin = at_;
  Json type = Json::kInteger;
  if (at_ < end_ && *at_ == '-') ++at_;
  if (at_ < end_ && *at_ == '0') {
    ++at_;
  } else if (!digits()) {
    return false;
  }
  if (at_ < end_ && *at_ == '.') {
    ++at_;
    type = Json::kDecimal;
    if (!digits()) return false;
  }
  if (at_ < end_ && (*at_ == 'e' || *at_ == 'E')) {
    ++at_;
    type = Json::kPower;
    if (at_ < end_ && (*at_ == '+' || *at_ == '-')) ++at_;
    if (!digits()) return false;
  }
  *token = {type, begin, static_cast<size_t>(at_ - begin)};
  return true;
}

bool Walker::word(Token *token) {
  const char *const known = *at_ == 't'   ? PSTR("true")
                            : *at_ == 'f' ? PSTR("false")
                                          : PSTR("null");
  const size_t size = strlen_P(known);
  if (static_cast<size_t>(end_ - at_) < size || memcmp_P(at_, known, size) != 0) return false;
  *token = {Json::kWord, at_, size};
  at_ += size;
  return true;
}

// A whole scalar, or the first character of a container.
bool Walker::value(Token *token) {
  space();
  if (at_ == end_) return false;
  switch (*at_) {
    case '"':
      return string(token);
    case '{':
    case '[':
      *token = {*at_ == '{' ? Json::kObject : Json::kArray, at_, 0};
      ++at_;
      return true;
    case 't':
    case 'f':
    case 'n':
      return word(token);
    default:
      return number(token);
  }
}

bool Walker::enter(const Token &token) {
  if (++depth_ > kDepthMax) return false;
  const uint8_t bit = static_cast<uint8_t>(1 << depth_);
  arrays_ = static_cast<uint8_t>(token.type == Json::kArray ? arrays_ | bit : arrays_ & ~bit);
  return true;
}

// A field of an object or an entry of an array; goes into containers.
bool Walker::item() {
  const bool in_array = arrays_ >> depth_ & 1;
  Token name = {Json::kString, nullptr, 0}, token;
  if (!in_array && (!string(&name) || !mark(':'))) return false;
  if (!value(&token)) return false;
  if (!in_array && depth_ == 1) {
    visitor_->field(nullptr, name, token);
    inside_ = name;
  } else if (!in_array && depth_ == 2) {
    visitor_->field(&inside_, name, token);
  }
  if (token.type == Json::kObject || token.type == Json::kArray) return enter(token);
  return true;
}

bool Walker::run() {
  if (!mark('{')) return false;
  depth_ = 1;
  bool fresh = true;  // a container has just been opened
  while (depth_ > 0) {
    const bool in_array = arrays_ >> depth_ & 1;
    if (mark(in_array ? ']' : '}')) {
      --depth_;
      fresh = false;
      continue;
    }
    if (!fresh && !mark(',')) return false;
    const int8_t before = depth_;
    if (!item()) return false;
    fresh = depth_ > before;
  }
  space();
  return at_ == end_;
}

}  // namespace

bool decode(const Token &token, char *out, uint8_t most, uint8_t *size) {
  const char *at = token.text;
  const char *const end = at + token.size;
  uint8_t fill = 0;
  while (at < end) {
    bool raw;
    const int32_t character = next_character(at, end, &raw);
    if (character < 0) return false;
    // Bytes of UTF-8 are copied as they are.
    const uint8_t more = raw || character < 0x80 ? 0 : character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
    if (more >= most - fill) return false;
    encode(character, more, out + fill);
    fill = static_cast<uint8_t>(fill + more + 1);
  }
  *size = fill;
  return true;
}

bool same(const Token &token, const FlashText *word) {
  char text[12];
  uint8_t size;
  return token.type == Json::kString && decode(token, text, sizeof text, &size) &&
         strlen_P(address(word)) == size && memcmp_P(text, address(word), size) == 0;
}

int32_t scaled(const Token &token, uint8_t decimals) {
  const int32_t kEnough = (INT32_MAX - 9) / 10;
  const bool negative = *token.text == '-';
  int32_t value = 0;
  bool fraction = false, any = false;
  for (size_t i = negative; i < token.size; ++i) {
    const char c = token.text[i];
    if (c == '.') {
      fraction = true;
      continue;
    }
    any = any || c != '0';
    if (fraction && decimals == 0) continue;
    if (fraction) --decimals;
    if (value > kEnough) return negative ? INT32_MIN : INT32_MAX;
    value = value * 10 + (c - '0');
  }
  for (; decimals; --decimals) {
    if (value > kEnough) return negative ? INT32_MIN : INT32_MAX;
    value *= 10;
  }
  if (!negative) return value;
  return any && value == 0 ? -1 : -value;  // what is cut off below zero stays below it
}

bool walk(const char *text, size_t size, Visitor *visitor) {
  return Walker(text, size, visitor).run();
}

}  // namespace plant
