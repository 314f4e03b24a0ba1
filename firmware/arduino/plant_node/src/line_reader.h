// Bytes of the cable in, whole and checked lines out; what is not one is dropped and counted.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace plant {

constexpr size_t kJsonMax = 256;  // to a node, docs/protocol.md §9

// Well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(const char *text, size_t size);

class LineReader {
 public:
  LineReader() { begin(); }
  void begin() {
    fill_ = size_ = dropped_ = 0;
    spoilt_ = false;
  }

  enum Result : uint8_t {
    kMore,     // nothing whole yet, or a line that was dropped
    kEmpty,    // an empty line: the heartbeat
    kMessage,  // text() holds the JSON of a good line, until the next take()
  };

  Result take(uint8_t byte);

  // Bytes were lost before they came here: whatever is being gathered can't be right.
  void spoil() { spoilt_ = true; }

  const char *text() const { return line_; }
  size_t size() const { return size_; }
  uint16_t dropped() const { return dropped_; }

 private:
  static const size_t kTail = 5;  // *HHHH
  Result finish();

  char line_[kJsonMax + kTail + 1];  // one more for a \r
  uint16_t fill_;
  uint16_t size_;
  uint16_t dropped_;  // stays at its highest value rather than beginning anew
  bool spoilt_;
};

}  // namespace plant
