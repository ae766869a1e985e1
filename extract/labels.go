package extract

import "github.com/nianbao/nianbao/codebook"

// label is what a printed label says, in the form in which labels are compared.
type label struct {
	key     string
	variant bool // of an official label of some table
}

// labels are the labels of a document, by their text. Each is read once.
type labels struct {
	book *codebook.Book
	read map[string]label
}

// newLabels begins with labels of which the key is known otherwise than from their text.
func newLabels(book *codebook.Book, keys map[string]string) labels {
	l := labels{book, make(map[string]label, 200)} // as many as a report prints
	for text, key := range keys {
		l.read[text] = label{key, book.IsVariant(key)}
	}
	return l
}

func (l labels) of(text string) label {
	read, ok := l.read[text]
	if !ok {
		key := codebook.LabelKey(text)
		read = label{key, l.book.IsVariant(key)}
		l.read[text] = read
	}
	return read
}
