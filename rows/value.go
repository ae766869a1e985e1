package rows

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// A value is one field of a row as text. Bare means that the text is JSON as it stands;
// at is the time that the text says, without a zone or in UTC.
type value struct {
	text string
	null bool
	bare bool
	at   time.Time
}

func valueAt(column arrow.Array, i int) value {
	if column.IsNull(i) {
		return value{null: true}
	}
	switch c := column.(type) {
	case *array.String:
		return value{text: c.Value(i)}
	case *array.Decimal128:
		return value{text: plainDecimal(c.Value(i).ToString(c.DataType().(*arrow.Decimal128Type).Scale)), bare: true}
	case *array.Float64:
		return floatValue(c.Value(i))
	case *array.Float32:
		return floatValue(float64(c.Value(i)))
	case *array.Timestamp:
		return value{text: timestampText(c, i), at: c.Value(i).ToTime(c.DataType().(*arrow.TimestampType).Unit)}
	case *array.Date32:
		return value{text: c.ValueStr(i), at: c.Value(i).ToTime()}
	case *array.Boolean, *array.Int8, *array.Int16, *array.Int32, *array.Int64,
		*array.Uint8, *array.Uint16, *array.Uint32, *array.Uint64:
		return value{text: c.ValueStr(i), bare: true}
	case array.ListLike, *array.Struct, *array.Map:
		if text, err := json.Marshal(c.GetOneForMarshal(i)); err == nil {
			return value{text: string(text), bare: true}
		}
	}
	return value{text: column.ValueStr(i)}
}

// plainDecimal drops the zeros that only the scale of the type puts there.
func plainDecimal(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// floatValue is the shortest text that reads back as the same number.
func floatValue(f float64) value {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return value{text: strconv.FormatFloat(f, 'g', -1, 64)}
	}
	form := byte('f')
	if a := math.Abs(f); a >= 1e21 || (a > 0 && a < 1e-9) {
		form = 'e'
	}
	return value{text: strconv.FormatFloat(f, form, -1, 64), bare: true}
}

// timestampText is ISO 8601, with Z only if the type has a time zone.
func timestampText(c *array.Timestamp, i int) string {
	dt := c.DataType().(*arrow.TimestampType)
	t := c.Value(i).ToTime(dt.Unit)
	if dt.TimeZone == "" {
		return t.Format("2006-01-02T15:04:05.999999999")
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func (v value) json() string {
	if v.null {
		return "null"
	}
	if v.bare {
		return v.text
	}
	text, _ := json.Marshal(v.text) // a string always marshals
	return string(text)
}

func (v value) cell() string {
	if v.null {
		return "NULL"
	}
	return Printable(v.text)
}

// Printable keeps crawled text from moving the cursor or colouring the terminal.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
