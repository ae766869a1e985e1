package export

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/nianbao/nianbao/record"
	"github.com/nianbao/nianbao/rows"
	"github.com/nianbao/nianbao/warehouse"
)

// nullPartition is how Hive names the partition of NULL.
const nullPartition = "__HIVE_DEFAULT_PARTITION__"

// A table is a resource that is being written in its formats.
type table struct {
	*export
	*resource
	whole []warehouse.Sink // of formats that hold all parts in one file
	ends  []func() error
}

// table writes a resource, part by part.
func (e *export) table(ctx context.Context, r *resource) (err error) {
	t := &table{export: e, resource: r}
	for _, part := range r.parts {
		now := r.Name
		if part != nil {
			now += " " + strconv.FormatInt(*part, 10)
		}
		e.tell(e.done, e.total, now)
		begin := func(schema *arrow.Schema) (warehouse.Sink, error) { return t.begin(schema, part) }
		if err := e.db.Stream(ctx, begin, r.sql(), r.args(part)...); err != nil {
			return err
		}
		e.done++
	}
	for i, s := range t.whole {
		if err := errors.Join(s.Close(), t.ends[i]()); err != nil {
			return err
		}
	}
	return nil
}

// begin opens what the part is written to; formats of one file are opened by the first.
func (t *table) begin(schema *arrow.Schema, part *int64) (warehouse.Sink, error) {
	if t.whole == nil {
		if err := t.open(schema); err != nil {
			return nil, err
		}
	}
	all := partSinks{whole: t.whole}
	if t.has("parquet") {
		p, err := t.parquet(schema, part)
		all.own = p
		return all, err
	}
	return all, nil
}

func (t *table) open(schema *arrow.Schema) error {
	t.whole = []warehouse.Sink{}
	for _, csv := range []struct {
		format rows.Format
		folder string
	}{{rows.CSV, "csv"}, {rows.Excel, "csv-excel"}} {
		if !t.has(csv.format.String()) || csv.format == rows.Excel && t.tooLong(csv.folder) {
			continue
		}
		f, finish, err := t.create(csv.folder + "/" + t.Name + ".csv")
		if err != nil {
			return err
		}
		w, err := rows.NewWriter(f, csv.format, schema)
		if err != nil {
			return err
		}
		t.whole, t.ends = append(t.whole, w), append(t.ends, finish)
	}
	if t.has("xlsx") && !t.tooLong("nianbao.xlsx") {
		s, err := t.workbook.Sheet(t.Name, schema.Fields())
		if err != nil {
			return err
		}
		t.whole, t.ends = append(t.whole, s), append(t.ends, func() error { return nil })
	}
	return nil
}

// tooLong says whether the table has more rows than a sheet holds, and notes it.
func (t *table) tooLong(where string) bool {
	if t.resource.rows <= rows.MaxSheetRows {
		return false
	}
	t.leftOut = append(t.leftOut, fmt.Sprintf("%s is not in %s: it has %d rows, a sheet holds %d; use csv or parquet",
		t.Name, where, t.resource.rows, rows.MaxSheetRows))
	return true
}

// parquet starts the file of a part. In a Hive partition the column stands in the name
// of the folder and not in the file.
func (t *table) parquet(schema *arrow.Schema, part *int64) (warehouse.Sink, error) {
	name, drop := "parquet/"+t.Name+"/", -1
	if t.Partition != "" {
		value := nullPartition
		if part != nil {
			value = strconv.FormatInt(*part, 10)
		}
		name += t.Partition + "=" + value + "/"
		drop = schema.FieldIndices(t.Partition)[0]
		schema = arrow.NewSchema(without(schema.Fields(), drop), nil)
	}
	f, finish, err := t.create(name + "data.parquet")
	if err != nil {
		return nil, err
	}
	w, err := rows.NewWriter(f, rows.Parquet, schema)
	return &parquetSink{w, schema, drop, finish}, err
}

type parquetSink struct {
	*rows.Writer
	schema *arrow.Schema
	drop   int // column; -1: none
	finish func() error
}

func (p *parquetSink) Write(batch arrow.RecordBatch) error {
	if p.drop < 0 {
		return p.Writer.Write(batch)
	}
	rest := array.NewRecordBatch(p.schema, without(batch.Columns(), p.drop), batch.NumRows())
	defer rest.Release()
	return p.Writer.Write(rest)
}

func (p *parquetSink) Close() error { return errors.Join(p.Writer.Close(), p.finish()) }

// without is all of s but the one at i.
func without[T any](s []T, i int) []T {
	return append(append([]T(nil), s[:i]...), s[i+1:]...)
}

// partSinks are those that the rows of a part go to. Its end is only that of its own file.
type partSinks struct {
	whole []warehouse.Sink
	own   warehouse.Sink // nil: none
}

func (p partSinks) Write(batch arrow.RecordBatch) error {
	for _, s := range p.whole {
		if err := s.Write(batch); err != nil {
			return err
		}
	}
	if p.own == nil {
		return nil
	}
	return p.own.Write(batch)
}

func (p partSinks) Close() error {
	if p.own == nil {
		return nil
	}
	return p.own.Close()
}

// A codebookRow says of one column of the export what it is.
type codebookRow struct {
	Table       string `arrow:"table"`
	TableZH     string `arrow:"table_zh"`
	TableEN     string `arrow:"table_en"`
	Column      string `arrow:"column"`
	TitleZH     string `arrow:"title_zh"`
	TitleEN     string `arrow:"title_en"`
	Type        string `arrow:"type"`
	Unit        string `arrow:"unit"`
	Source      string `arrow:"source"`
	Description string `arrow:"description"`
}

// codebookSheet begins the workbook with what its columns mean.
func (e *export) codebookSheet() error {
	var all []codebookRow
	for _, r := range e.resources {
		for _, c := range r.columns {
			all = append(all, codebookRow{r.Name, r.TitleZH, r.TitleEN, c.Name, c.TitleZH, c.TitleEN, c.Type, c.unit(), c.source(), c.Comment})
		}
	}
	batch, err := record.Batch(all)
	if err != nil {
		return err
	}
	defer batch.Release()
	s, err := e.workbook.Sheet("codebook", batch.Schema().Fields())
	if err != nil {
		return err
	}
	return errors.Join(s.Write(batch), s.Close())
}
