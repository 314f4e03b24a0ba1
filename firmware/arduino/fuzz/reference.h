// What docs/protocol.md §9 says of lines, written a second time and in the plainest way: the fuzz
// targets compare the firmware with it.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <string>
#include <vector>

// Ends the run and keeps the input: libFuzzer takes an abort for a finding.
#define MUST(what)                                                            \
  do {                                                                        \
    if (!(what)) {                                                            \
      fprintf(stderr, "%s:%d: MUST be so: %s\n", __FILE__, __LINE__, #what);  \
      abort();                                                                \
    }                                                                         \
  } while (0)

namespace reference {

// CRC-16/CCITT-FALSE bit by bit.
inline uint16_t crc(const std::string &bytes) {
  unsigned value = 0xFFFF;
  for (const char c : bytes) {
    value ^= static_cast<unsigned>(static_cast<uint8_t>(c)) << 8;
    for (int bit = 0; bit < 8; ++bit) value = value & 0x8000 ? value << 1 ^ 0x1021 : value << 1;
    value &= 0xFFFF;
  }
  return static_cast<uint16_t>(value);
}

inline std::string framed(const std::string &payload) {
  char tail[6];
  snprintf(tail, sizeof tail, "*%04X", crc(payload));
  return payload + tail;
}

// By decoding: the shortest form of a code point that there is, and no surrogate.
inline bool is_utf8(const std::string &text) {
  for (size_t at = 0; at < text.size();) {
    const uint8_t first = static_cast<uint8_t>(text[at]);
    const size_t size = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3
                        : first >> 3 == 30 ? 4 : 0;
    if (size == 0 || at + size > text.size()) return false;
    uint32_t point = size == 1 ? first : first & (0x7Fu >> size);
    for (size_t i = 1; i < size; ++i) {
      const uint8_t next = static_cast<uint8_t>(text[at + i]);
      if (next >> 6 != 2) return false;
      point = point << 6 | (next & 0x3F);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < least[size] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
      return false;
    }
    at += size;
  }
  return true;
}

enum Kind { kEmpty, kMessage, kDropped };

struct Line {
  Kind kind;
  std::string text;  // of a message
};

// What a whole line is, without its line feed.
inline Line judged(std::string line, size_t longest) {
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (line.empty()) return {kEmpty, ""};
  if (line.size() <= 5 || line.size() > longest + 5) return {kDropped, ""};
  const std::string payload = line.substr(0, line.size() - 5);
  if (framed(payload) != line || !is_utf8(payload)) return {kDropped, ""};
  return {kMessage, payload};
}

// The pieces between line feeds; the last one has not ended.
inline std::vector<std::string> pieces(const uint8_t *data, size_t size) {
  std::vector<std::string> found(1);
  for (size_t i = 0; i < size; ++i) {
    if (data[i] == '\n') {
      found.emplace_back();
    } else {
      found.back() += static_cast<char>(data[i]);
    }
  }
  return found;
}

}  // namespace reference
