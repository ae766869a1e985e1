package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

// A tool is a program that nianbao can use and does without.
type tool struct {
	commands []string // any of them will do
	purpose  string
	packages string // of Debian
	works    func(path string) bool
}

var tools = []tool{
	{[]string{"soffice", "libreoffice"}, "reading DOC, WPS, RTF, XLS; failed sums of HTML and DOCX twice", "libreoffice-writer-nogui libreoffice-calc-nogui", nil},
	{[]string{"tesseract"}, "reading scans; failed sums of PDF twice", "tesseract-ocr tesseract-ocr-chi-sim", readsChinese},
}

func doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say what is missing on this machine and how to get it",
		Long: `Looks for the programs that some formats need. Without one the rest works, and its
documents are reported as unsupported or as tables_are_images, and sums that fail stay
unconfirmed: they are not read a second time.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			missing := 0
			for _, t := range tools {
				state := t.find()
				if state == "" {
					missing++
					state = "missing; get it with: apt-get install " + t.packages
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%-63s %s\n", t.purpose, state)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%-63s %s\n", "keeping the PDF engine compiled", cacheState())
			if missing > 0 {
				return &codedError{exitItemsFailed, fmt.Errorf("%d programs are missing", missing)}
			}
			return nil
		},
	}
}

// find returns where the tool is, or nothing.
func (t tool) find() string {
	for _, c := range t.commands {
		if path, err := exec.LookPath(c); err == nil && (t.works == nil || t.works(path)) {
			return path
		}
	}
	return ""
}

// readsChinese reports whether tesseract has its model of simplified Chinese.
func readsChinese(path string) bool {
	out, err := exec.Command(path, "--list-langs").Output()
	return err == nil && strings.Contains(string(out), "chi_sim")
}

// cacheState says where compiled code is kept; without a place every run compiles it.
func cacheState() string {
	dir := engineCache()
	if dir == "" {
		return "no cache folder; set XDG_CACHE_HOME, or each run that reads a PDF starts 3 s later"
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Sprintf("cannot write %s: %v", filepath.Dir(dir), err)
	}
	return dir
}
