package wire

import (
	"bytes"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// member tells the members of an object apart by what they mean to placeholders.
type member byte

const (
	otherMember member = iota
	placeholderMember
	numMember
)

// memberOf returns what the quoted key of a member means.
func memberOf(key []byte) member {
	if bytes.IndexByte(key, '\\') >= 0 {
		key, _ = jsontext.AppendUnquote(nil, key) // was scanned; lone surrogates are replaced
	} else {
		key = key[1 : len(key)-1]
	}
	switch string(key) {
	case "_placeholder":
		return placeholderMember
	case "num":
		return numMember
	}
	return otherMember
}

// maybePlaceholder is an object, as far as it has been read.
type maybePlaceholder struct {
	marked bool // _placeholder is true
	num    int  // the index of an attachment, -1 for anything else
}

// set takes a member and where its value begins. Of duplicates the last wins.
func (m *maybePlaceholder) set(key member, value []byte) {
	switch key {
	case placeholderMember:
		m.marked = value[0] == 't'
	case numMember:
		m.num = placeholderNum(value)
	}
}

// placeholderNum returns the index that b begins with, or -1. As in JavaScript
// it may be written in any way, like 1.0 or 1e0.
func placeholderNum(b []byte) int {
	const most = 1e9 // more attachments than that are never there
	if b[0] != '-' && (b[0] < '0' || b[0] > '9') {
		return -1
	}
	end, _ := skipNumber(b, 0)
	f, err := strconv.ParseFloat(string(b[:end]), 64)
	if err != nil || f < 0 || f > most || f != float64(int(f)) {
		return -1
	}
	return int(f)
}

// placeholder returns the index of the attachment that an object stands for,
// and false if it is no placeholder. The object was scanned before.
func placeholder(object []byte) (num int, ok bool) {
	m := maybePlaceholder{num: -1}
	for i := skipSpace(object, 1); i < len(object) && object[i] == '"'; {
		end, _ := skipString(object, i)
		key := memberOf(object[i:end])
		i, _ = skipKey(object, i)
		m.set(key, object[i:])
		i, _ = skipValue(object, i)
		i = skipSpace(object, skipSpace(object, i)+1) // the comma, or the bracket
	}
	return m.num, m.marked
}

// placeholdersValid reports whether every placeholder in a list of values,
// which was scanned before, stands for one of n attachments. It is one walk
// that does not recurse.
func placeholdersValid(list []byte, n int) bool {
	type level struct {
		maybePlaceholder
		object bool
		inKey  bool // of an object: a key comes next, not a value
		key    member
	}
	var local [16]level
	open := append(local[:0], level{})
	for i := 0; i < len(list); {
		top := &open[len(open)-1]
		switch c := list[i]; c {
		case ' ', '\n', '\t', '\r', ':':
			i++
		case ',':
			top.inKey = top.object
			i++
		case '}', ']':
			if top.marked && (top.num < 0 || top.num >= n) {
				return false
			}
			open = open[:len(open)-1]
			i++
		default:
			if top.inKey {
				end, _ := skipString(list, i)
				top.key, top.inKey = memberOf(list[i:end]), false
				i = end
				continue
			}
			if top.object {
				top.set(top.key, list[i:])
			}
			if c == '{' || c == '[' {
				open = append(open, level{maybePlaceholder: maybePlaceholder{num: -1}, object: c == '{', inKey: c == '{'})
				i++
				continue
			}
			i, _ = skipValue(list, i) // a string, a number or a word
		}
	}
	return true
}
