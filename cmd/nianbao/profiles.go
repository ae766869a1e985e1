package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/crawl/portal"
)

// shippedProfiles names, in --portals, the profiles that come with nianbao.
const shippedProfiles = "shipped"

// loadProfiles reads the profiles that a value of --portals names: shipped, a folder or
// a file, or several of them with commas between. Of two with the same id the later
// takes the place of the earlier.
func loadProfiles(names string) (portals []portal.Portal, err error) {
	for name := range strings.SplitSeq(names, ",") {
		more, err := loadNamed(name)
		if err != nil {
			return nil, fmt.Errorf("load portal profiles from %s: %w", name, err)
		}
		if portals, err = portal.Overlay(portals, more); err != nil {
			return nil, fmt.Errorf("load portal profiles from %s: %w", names, err)
		}
	}
	return portals, nil
}

func loadNamed(name string) ([]portal.Portal, error) {
	if name == shippedProfiles {
		return portal.Shipped()
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, &codedError{exitUsage, fmt.Errorf("%w; name a folder or a file of profiles, or shipped", err)}
	case !info.IsDir():
		return portal.LoadFiles(os.DirFS(filepath.Dir(name)), filepath.Base(name))
	}
	found, err := fs.Glob(os.DirFS(name), "*.yaml")
	if err == nil && len(found) == 0 {
		err = &codedError{exitUsage, errors.New("no *.yaml in it; docs/portals.md shows a profile")}
	}
	if err != nil {
		return nil, err
	}
	return portal.LoadFiles(os.DirFS(name), found...)
}

// named returns the portals with the given ids; all, where none is given.
func named(portals []portal.Portal, ids []string) (out []portal.Portal, err error) {
	if len(ids) == 0 {
		return portals, nil
	}
	for _, id := range ids {
		i := slices.IndexFunc(portals, func(p portal.Portal) bool { return p.ID == id })
		if i < 0 {
			return nil, &codedError{exitUsage, fmt.Errorf("--only %s: no such portal among them; nianbao portals list names the shipped ones", id)}
		}
		out = append(out, portals[i])
	}
	return out, nil
}

// unverified counts the portals that are crawled and that nobody has compared with their
// pages; a copy needs no comparing.
func unverified(portals []portal.Portal) (n int) {
	for _, p := range portals {
		n += count(p.Active() && !p.Verified && p.Provenance == "")
	}
	return n
}
