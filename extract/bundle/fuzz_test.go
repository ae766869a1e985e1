package bundle

import (
	"errors"
	"reflect"
	"testing"
	"unicode/utf8"

	"github.com/nianbao/nianbao/extract/grid/gridtest"
)

// FuzzMembers opens whatever bytes. They are refused with an error that extract knows,
// or yield members within the limits, twice the same.
func FuzzMembers(f *testing.F) {
	gridtest.Seed(f, "../testdata/corpus/*/source.docx")
	f.Add(pack(f, entry{"年报.html", "<html>"}, entry{`a\b.pdf`, "%PDF-1.7"}, entry{"c.zip", "PK\x03\x04"}, entry{"d/", ""}, entry{"e.txt", "1 2"}))
	f.Add(sealed(f))
	f.Fuzz(func(t *testing.T, data []byte) {
		members, err := Members(data)
		if err != nil && !gridtest.Refused(err) && !errors.Is(err, ErrUnsupported) {
			t.Errorf("%v is no refusal that extract knows", err)
		}
		if (err == nil) != (len(members) > 0) || len(members) > maxTried {
			t.Errorf("%d members (%v)", len(members), err)
		}
		total := 0
		for _, m := range members {
			if total += len(m.Data); !utf8.ValidString(m.Name) || len(m.Data) > maxMember {
				t.Errorf("member %q of %d bytes", m.Name, len(m.Data))
			}
		}
		if total > maxTotal {
			t.Errorf("members of %d bytes together", total)
		}
		if again, err2 := Members(data); !reflect.DeepEqual(members, again) || (err == nil) != (err2 == nil) {
			t.Errorf("opened twice, it differs (%v, %v)", err, err2)
		}
	})
}
