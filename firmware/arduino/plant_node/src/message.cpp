#include "message.h"

#include <string.h>

#include "json.h"

namespace plant {

namespace {

void take(const Token &value, Whole *out) {
  out->is = value.type == Json::kInteger ? Field::kGood : Field::kWrong;
  out->value = value.type == Json::kInteger ? whole_number(value) : 0;
}

void take_thousandths(const Token &value, Whole *out) {
  const bool number = value.type == Json::kInteger || value.type == Json::kDecimal;
  out->value = number ? thousandths(value) : 0;
  out->is = number && out->value >= 0 ? Field::kGood : Field::kWrong;
}

template <uint8_t N>
void take(const Token &value, Text<N> *out) {
  const bool good = value.type == Json::kString && decode(value, out->text, N, &out->size);
  out->is = good ? Field::kGood : Field::kWrong;
  if (!good) out->size = 0;
}

Type type_of(const Token &value) {
  if (value.type != Json::kString) return Type::kNone;
  if (same(value, PV_FLASH("cmd"))) return Type::kCommand;
  if (same(value, PV_FLASH("got"))) return Type::kGot;
  if (same(value, PV_FLASH("hi"))) return Type::kHi;
  return Type::kOther;
}

Op op_of(const Token &value) {
  // In the order of Op, each behind its length.
  static const char kNames[] PROGMEM =
      "\2on\3off\5level\4stop\4ping\10identify\7restart\6config\3cal\4wire";
  char text[8];
  uint8_t size;
  if (value.type != Json::kString) return Op::kNone;
  if (!decode(value, text, sizeof text, &size)) return Op::kUnknown;
  uint8_t op = static_cast<uint8_t>(Op::kOn);
  for (const char *name = kNames;; ++op) {
    const uint8_t length = pgm_read_byte(name);
    if (length == 0) return Op::kUnknown;
    if (length == size && memcmp_P(text, name + 1, size) == 0) return static_cast<Op>(op);
    name += length + 1;
  }
}

class Reader : public Visitor {
 public:
  explicit Reader(Message *out) : out_(*out) {}

  void field(const Token *inside, const Token &name, const Token &value) override {
    if (!inside) {
      top(name, value);
    } else if (same(*inside, PV_FLASH("set"))) {
      setting(name, value);
    }
  }

 private:
  void top(const Token &name, const Token &value) {
    Message &m = out_;
    if (same(name, PV_FLASH("t"))) {
      m.type = type_of(value);
    } else if (same(name, PV_FLASH("c"))) {
      take(value, &m.id);
      if (m.id.size == 0) m.id.is = Field::kWrong;
    } else if (same(name, PV_FLASH("op"))) {
      m.op = op_of(value);
    } else if (same(name, PV_FLASH("ch"))) {
      take(value, &m.channel);
    } else if (same(name, PV_FLASH("ms"))) {
      take(value, &m.ms);
    } else if (same(name, PV_FLASH("lv"))) {
      take(value, &m.level);
    } else if (same(name, PV_FLASH("n"))) {
      take(value, &m.number);
    } else if (same(name, PV_FLASH("b"))) {
      take(value, &m.boot);
    } else if (same(name, PV_FLASH("now"))) {
      const bool good = value.type == Json::kInteger && *value.text != '-';
      m.now = good ? Field::kGood : Field::kWrong;
    } else if (same(name, PV_FLASH("set"))) {
      begin_settings();
      m.set = value.type == Json::kObject ? Field::kGood : Field::kWrong;
    }
  }

  // A second `set` replaces the first one altogether, as with any JSON reader.
  void begin_settings() {
    out_.median = out_.heartbeat = out_.every = out_.sample = out_.band = Whole();
    out_.at.is = out_.kind.is = out_.label.is = Field::kAbsent;
  }

  void setting(const Token &name, const Token &value) {
    Message &m = out_;
    if (same(name, PV_FLASH("med"))) {
      take(value, &m.median);
    } else if (same(name, PV_FLASH("db"))) {
      take_thousandths(value, &m.band);
    } else if (same(name, PV_FLASH("hb"))) {
      take(value, &m.heartbeat);
    } else if (same(name, PV_FLASH("every"))) {
      take(value, &m.every);
    } else if (same(name, PV_FLASH("sample"))) {
      take(value, &m.sample);
    } else if (same(name, PV_FLASH("at"))) {
      take(value, &m.at);
    } else if (same(name, PV_FLASH("k"))) {
      take(value, &m.kind);
    } else if (same(name, PV_FLASH("lb"))) {
      const bool none = value.type == Json::kWord && *value.text == 'n';
      take(value, &m.label);
      if (none) m.label.is = Field::kAbsent;
    }
  }

  Message &out_;
};

}  // namespace

bool read_message(const char *json, size_t size, Message *out) {
  memset(out, 0, sizeof *out);
  Reader reader(out);
  return walk(json, size, &reader) && out->type != Type::kNone;
}

}  // namespace plant
