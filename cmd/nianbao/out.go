package main

import (
	"path/filepath"

	"github.com/spf13/cobra"
)

// out is the folder that --out names; its methods are the places in it.
type out string

func outOf(cmd *cobra.Command) out {
	dir, _ := cmd.Flags().GetString("out")
	return out(dir)
}

func (o out) archive() string   { return filepath.Join(string(o), "archive") }
func (o out) parts() string     { return filepath.Join(string(o), "parts") }
func (o out) warehouse() string { return filepath.Join(string(o), "warehouse") }
func (o out) database() string  { return filepath.Join(o.warehouse(), "nianbao.duckdb") }
func (o out) site() string      { return filepath.Join(string(o), "site") }
func (o out) export() string    { return filepath.Join(string(o), "export") }
func (o out) manifest() string  { return filepath.Join(string(o), "run.json") }
func (o out) lock() string      { return filepath.Join(string(o), "run.lock") }
