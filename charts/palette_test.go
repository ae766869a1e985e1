package charts

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
)

// palettes reads the custom properties of the light and the dark scheme.
func palettes(t *testing.T) map[string]map[string]string {
	t.Helper()
	raw, err := assets.ReadFile("assets/style.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, ok := strings.Cut(string(raw), "@media (prefers-color-scheme: dark)")
	dark, _, ok2 := strings.Cut(dark, "\n}\n")
	if !ok || !ok2 {
		t.Fatal("style.css has no dark scheme")
	}
	property := regexp.MustCompile(`--([a-z0-9-]+): (#[0-9a-f]{6});`)
	schemes := map[string]map[string]string{"light": {}, "dark": {}}
	for _, m := range property.FindAllStringSubmatch(light, -1) {
		schemes["light"][m[1]], schemes["dark"][m[1]] = m[2], m[2]
	}
	for _, m := range property.FindAllStringSubmatch(dark, -1) {
		schemes["dark"][m[1]] = m[2]
	}
	return schemes
}

// contrast is the contrast ratio of WCAG 2.2.
func contrast(a, b string) float64 {
	x, y := luminance(a)+0.05, luminance(b)+0.05
	return max(x, y) / min(x, y)
}

func luminance(colour string) float64 {
	var rgb [3]int
	fmt.Sscanf(colour, "#%02x%02x%02x", &rgb[0], &rgb[1], &rgb[2])
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := float64(rgb[i]) / 255
		if c <= 0.04045 {
			sum += weight * c / 12.92
		} else {
			sum += weight * math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return sum
}

func TestContrast(t *testing.T) {
	if got := contrast("#000000", "#ffffff"); math.Abs(got-21) > 0.01 {
		t.Fatalf("black on white: %v, want 21", got)
	}
	marks := regexp.MustCompile(`^(series|out|result)-\d$|^(dot|interval|axis|break|seal)$`)
	texts := regexp.MustCompile(`^(ink|muted|link|series-\d)$`)
	for scheme, p := range palettes(t) {
		for name, colour := range p {
			if marks.MatchString(name) && contrast(colour, p["ground"]) < 3 {
				t.Errorf("%s: mark --%s has %.2f:1 on the ground, want 3:1", scheme, name, contrast(colour, p["ground"]))
			}
			if texts.MatchString(name) && contrast(colour, p["ground"]) < 4.5 {
				t.Errorf("%s: text --%s has %.2f:1 on the ground, want 4.5:1", scheme, name, contrast(colour, p["ground"]))
			}
			if fill, ok := strings.CutPrefix(name, "on-"); ok && contrast(colour, p[fill]) < 4.5 {
				t.Errorf("%s: --%s has %.2f:1 on --%s, want 4.5:1", scheme, name, contrast(colour, p[fill]), fill)
			}
		}
		if contrast(p["muted"], p["panel"]) < 4.5 {
			t.Errorf("%s: --muted on --panel has %.2f:1, want 4.5:1", scheme, contrast(p["muted"], p["panel"]))
		}
	}
}

// TestColoursExist wants every colour that an option names to be in the style sheet.
func TestColoursExist(t *testing.T) {
	raw, _ := assets.ReadFile("assets/style.css")
	token := regexp.MustCompile(`"[a-zA-Z]*[cC]olor":"\$([a-z0-9-]+)"`)
	for name, body := range siteFiles(t, build(t, fixture(t))) {
		for _, m := range token.FindAllStringSubmatch(body, -1) {
			if !strings.Contains(string(raw), "--"+m[1]+":") {
				t.Errorf("%s: style.css has no --%s", name, m[1])
			}
		}
	}
}
