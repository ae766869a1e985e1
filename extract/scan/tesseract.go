package scan

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nianbao/nianbao/extract/grid"
)

// ErrNoRecogniser says that the program that recognises characters is missing.
var ErrNoRecogniser = fmt.Errorf("%w, and what reads them is not installed: apt-get install tesseract-ocr tesseract-ocr-chi-sim", grid.ErrImages)

// word is a recognised word or, in Chinese, often a single character.
type word struct {
	text       string
	confidence float64 // 0 to 1
	box        image.Rectangle
	line       string // the line of the page that it stands in
}

// middle is the middle of the word's box.
func (w word) middle() image.Point { return w.box.Min.Add(w.box.Max).Div(2) }

// recogniser runs tesseract, one process at a time and each on one core, in a
// directory of its own.
type recogniser struct {
	program string
	dir     string
}

// newRecogniser finds tesseract and its Chinese model. Close it after use.
func newRecogniser(ctx context.Context) (*recogniser, error) {
	program, err := exec.LookPath("tesseract")
	if err != nil {
		return nil, ErrNoRecogniser
	}
	models, err := exec.CommandContext(ctx, program, "--list-langs").Output()
	if err != nil {
		return nil, fmt.Errorf("ask tesseract for its models: %w", err)
	}
	installed := strings.Fields(string(models))
	if !slices.Contains(installed, "chi_sim") || !slices.Contains(installed, "eng") {
		return nil, ErrNoRecogniser
	}
	dir, err := os.MkdirTemp("", "nianbao-scan-")
	if err != nil {
		return nil, err
	}
	return &recogniser{program, dir}, nil
}

func (r *recogniser) Close() error { return os.RemoveAll(r.dir) }

// A mode is how tesseract reads a picture.
type mode struct {
	model   string
	layout  string // page segmentation mode: 3 a page, 6 a block of lines, 7 one line, 8 one word
	letters string // the only characters looked for; empty: any
}

var (
	wholePage = mode{model: "chi_sim", layout: "3"}
	textBlock = mode{model: "chi_sim", layout: "6"}
	oneLine   = mode{model: "chi_sim", layout: "7"}
	figures   = mode{model: "eng", layout: "7", letters: "0123456789.,"}
	oneNumber = mode{model: "eng", layout: "8", letters: "0123456789.,"}
	signs     = mode{model: "chi_sim", layout: "7", letters: "0123456789.,-—/无元万"}
)

// Time that recognition may take: a page of text takes about 2 s on one core, a
// cell 0.05 s.
const (
	timePerPage = 60 * time.Second
	timePerCell = time.Second
)

// read recognises the pictures in one go; result i holds the words of picture i.
func (r *recogniser) read(ctx context.Context, pictures []*image.Gray, m mode) ([][]word, error) {
	if len(pictures) == 0 {
		return nil, nil
	}
	limit := timePerPage + time.Duration(len(pictures))*timePerCell
	if m == wholePage {
		limit = time.Duration(len(pictures)) * timePerPage
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	list, err := r.write(pictures)
	if err != nil {
		return nil, err
	}
	args := []string{list, "stdout", "-l", m.model, "--psm", m.layout, "--dpi", "300"}
	if m.letters != "" {
		args = append(args, "-c", "tessedit_char_whitelist="+m.letters)
	}
	command := exec.CommandContext(limited, r.program, append(args, "tsv")...)
	command.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1", "LC_ALL=C")
	var out, talk bytes.Buffer
	command.Stdout, command.Stderr = &out, &talk
	err = command.Run()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(limited.Err(), context.DeadlineExceeded):
		return nil, fmt.Errorf("%w: recognising %d pictures takes longer than %v", grid.ErrTooLarge, len(pictures), limit)
	case err != nil:
		return nil, fmt.Errorf("tesseract: %w: %s", err, firstLine(talk.String()))
	}
	return parseTSV(out.Bytes(), len(pictures))
}

// write puts the pictures into files and returns the file that lists them.
func (r *recogniser) write(pictures []*image.Gray) (string, error) {
	var list bytes.Buffer
	for i, p := range pictures {
		name := filepath.Join(r.dir, strconv.Itoa(i)+".pgm")
		if err := os.WriteFile(name, pgm(p), 0o600); err != nil {
			return "", err
		}
		fmt.Fprintln(&list, name)
	}
	name := filepath.Join(r.dir, "list.txt")
	return name, os.WriteFile(name, list.Bytes(), 0o600)
}

// pgm encodes a grey picture as a portable graymap, which needs no compression.
func pgm(m *image.Gray) []byte {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	out := fmt.Appendf(nil, "P5\n%d %d\n255\n", w, h)
	for y := range h {
		out = append(out, m.Pix[y*m.Stride:y*m.Stride+w]...)
	}
	return out
}

// parseTSV reads tesseract's table: level, page, block, paragraph, line, word,
// left, top, width, height, confidence, text. Words are of level 5.
func parseTSV(tsv []byte, pages int) ([][]word, error) {
	out := make([][]word, pages)
	lines := bufio.NewScanner(bytes.NewReader(tsv))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		if len(f) != 12 || f[0] != "5" || strings.TrimSpace(f[11]) == "" {
			continue
		}
		var n [5]int
		for i, field := range []string{f[1], f[6], f[7], f[8], f[9]} {
			v, err := strconv.Atoi(field)
			if err != nil {
				return nil, fmt.Errorf("tesseract's table: %w", err)
			}
			n[i] = v
		}
		confidence, err := strconv.ParseFloat(f[10], 64)
		if err != nil || n[0] < 1 || n[0] > pages {
			return nil, fmt.Errorf("tesseract's table: line %q", lines.Text())
		}
		out[n[0]-1] = append(out[n[0]-1], word{
			text: f[11], confidence: confidence / 100,
			box:  image.Rect(n[1], n[2], n[1]+n[3], n[2]+n[4]),
			line: strings.Join(f[2:5], "."),
		})
	}
	return out, lines.Err()
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
