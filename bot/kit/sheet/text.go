package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

const (
	bom = "\xef\xbb\xbf"
	// sampleBytes is what the kind and the separator of a file are told by.
	sampleBytes = 64 << 10
)

// openText prepares a CSV file.
func (s *Source) openText(path string) error {
	enc, name, err := encodingOf(path, s.options.Encoding)
	if err != nil {
		return err
	}
	s.Encoding = name
	open := func() (io.ReadCloser, *bufio.Reader, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, nil, err
		}
		text := bufio.NewReaderSize(transform.NewReader(io.LimitReader(f, maxBytes), enc.NewDecoder()), sampleBytes)
		for {
			mark, _ := text.Peek(len(bom)) // less of a text that is shorter
			if string(mark) != bom {
				return f, text, nil
			}
			if _, err := text.Discard(len(bom)); err != nil {
				return f, text, err
			}
		}
	}
	f, text, err := open()
	if err != nil {
		return err
	}
	head, err := text.Peek(sampleBytes)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return errors.Join(err, f.Close())
	}
	macLines := bytes.ContainsRune(head, '\r') && !bytes.ContainsRune(head, '\n')
	comma, said := separator(head, s.options.Skip, macLines)
	s.Separator = map[rune]string{'\t': "tab"}[comma]
	if s.Separator == "" {
		s.Separator = string(comma)
	}
	if err := f.Close(); err != nil {
		return err
	}
	s.walk = func(each func(Row) error) error {
		f, text, err := open()
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }() // only read
		var in io.Reader = text
		if macLines {
			in = transform.NewReader(text, newlines{})
		}
		return readCSV(in, comma, said, each)
	}
	return nil
}

// readCSV reads the rows of a text; the first line may say the separator.
func readCSV(in io.Reader, comma rune, said bool, each func(Row) error) error {
	r := csv.NewReader(in)
	r.FieldsPerRecord = -1
	r.LazyQuotes = true // many programs write a quote inside a field without doubling it
	r.Comma = comma
	for first := true; ; first = false {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if first && said {
			continue
		}
		line, _ := r.FieldPos(0)
		if err := each(Row{Line: line, Cells: cells}); err != nil {
			return err
		}
	}
}

// newlines makes the line ends of old Macs those of everybody else.
type newlines struct{ transform.NopResetter }

// Transform implements transform.Transformer.
func (newlines) Transform(dst, src []byte, _ bool) (nDst, nSrc int, err error) {
	n := copy(dst, src)
	for i := range n {
		if dst[i] == '\r' {
			dst[i] = '\n'
		}
	}
	if n < len(src) {
		err = transform.ErrShortDst
	}
	return n, n, err
}

// separators are what stands between cells: a comma, what Excel writes where a comma is
// the decimal point, a tab, a bar.
var separators = []rune{',', ';', '\t', '|'}

// separator is that of the header; said reports that a first line such as sep=; says so,
// which only Excel writes.
func separator(head []byte, skip int, macLines bool) (best rune, said bool) {
	text := string(head)
	if macLines {
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	if rest, ok := strings.CutPrefix(strings.ToLower(text), "sep="); ok {
		r, size := utf8.DecodeRuneInString(rest)
		if strings.HasPrefix(strings.TrimPrefix(rest[size:], "\r"), "\n") {
			return r, true
		}
	}
	lines := strings.SplitN(text, "\n", skip+2)
	line := lines[min(skip, len(lines)-1)]
	best, most := ',', 0
	for _, r := range separators {
		if n := outside(line, r); n > most {
			best, most = r, n
		}
	}
	return best, false
}

// outside counts a separator outside of quotes.
func outside(line string, sep rune) (n int) {
	quoted := false
	for _, r := range line {
		switch {
		case r == '"':
			quoted = !quoted
		case r == sep && !quoted:
			n++
		}
	}
	return n
}

// encodingOf finds out in what a text is written: by its mark, else by what it would look
// like.
func encodingOf(path, forced string) (encoding.Encoding, string, error) {
	if forced != "" {
		enc, err := htmlindex.Get(strings.TrimSpace(forced))
		if err != nil {
			return nil, "", fmt.Errorf("there is no encoding %q; write utf-8, utf-16le, gb18030, windows-1252 or another name that browsers know", forced)
		}
		name, _ := htmlindex.Name(enc)
		return enc, name, nil
	}
	head, err := begins(path)
	if err != nil {
		return nil, "", err
	}
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "UTF-16", nil
	}
	look, err := looksLike(path)
	switch {
	case err != nil:
		return nil, "", err
	case look.utf8:
		return encoding.Nop, "UTF-8", nil
	case look.western():
		return charmap.Windows1252, "Windows-1252", nil
	case look.chinese:
		return simplifiedchinese.GB18030, "GB18030", nil
	}
	return nil, "", errors.New("the text is neither UTF-8, UTF-16, GB18030 nor Windows-1252; save it as \"CSV UTF-8\", or say --encoding")
}

// look is what the bytes of a text tell.
type look struct {
	utf8, chinese bool
	runs, single  int  // runs of bytes beyond ASCII; those of one byte
	undefined     bool // bytes that Windows-1252 does not have
}

// western reports whether a text is one of letters with an accent here and there, which
// stand alone, and not of pairs of bytes.
func (l look) western() bool { return l.runs > 0 && !l.undefined && 2*l.single > l.runs }

// looksLike reads a file once, a block at a time.
func looksLike(path string) (l look, err error) {
	f, err := os.Open(path)
	if err != nil {
		return l, err
	}
	defer func() { _ = f.Close() }() // only read
	l.utf8, l.chinese = true, true
	in := bufio.NewReaderSize(f, sampleBytes)
	run := 0
	end := func() {
		if run > 0 {
			l.runs++
		}
		if run == 1 {
			l.single++
		}
		run = 0
	}
	for {
		b, err := in.ReadByte()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return l, err
		}
		if b < 0x80 {
			end()
			continue
		}
		run++
		switch b {
		case 0x81, 0x8d, 0x8f, 0x90, 0x9d:
			l.undefined = true
		}
	}
	end()
	l.utf8 = l.runs == 0 || valid(path, encoding.UTF8Validator)
	l.chinese = l.utf8 || valid(path, simplifiedchinese.GB18030.NewDecoder())
	return l, nil
}

// valid reports whether a transformer takes a file without a fault, and leaves no
// replacement character.
func valid(path string, t transform.Transformer) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }() // only read
	in := bufio.NewReaderSize(transform.NewReader(f, t), sampleBytes)
	for {
		r, _, err := in.ReadRune()
		if err != nil {
			return errors.Is(err, io.EOF)
		}
		if r == utf8.RuneError {
			return false
		}
	}
}
