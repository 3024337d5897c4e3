package webtest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// step is one request of a script and what is expected of its answer.
type step struct {
	line    int
	method  string
	path    string
	who     string // empty for nobody
	headers [][2]string
	form    url.Values // nil: no form
	body    string     // JSON
	checks  []check
}

// check is one expectation, or a save.
type check struct {
	line              int
	verb, subject     string // "json", "offers.0.state"
	relation, operand string // "=", "accepted"
}

var (
	requestLine = regexp.MustCompile(`^(GET|HEAD|POST|PUT|PATCH|DELETE)\s+(\S+)(?:\s+as\s+(.+))?$`)
	withLine    = regexp.MustCompile(`^with\s+([\w-]+):\s*(.*)$`)
	rawLine     = regexp.MustCompile(`^raw(?:\s+(.*))?$`)
	formLine    = regexp.MustCompile(`^form\s+(\S+)\s*=\s*(.*)$`)
	statusLine  = regexp.MustCompile(`^(status)\s+(\d{3})$`)
	bodyLine    = regexp.MustCompile(`^(body)\s+(contains|lacks)\s+(.+)$`)
	subjectLine = regexp.MustCompile(`^(json|header|save)\s+(\S+)\s+(=|contains|has|exists|missing)(?:\s+(.*))?$`)
)

// parse reads a script.
func parse(text string) ([]step, error) {
	var steps []step
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if m := requestLine.FindStringSubmatch(line); m != nil {
			steps = append(steps, step{line: i + 1, method: m[1], path: m[2], who: strings.TrimSpace(m[3])})
			continue
		}
		if len(steps) == 0 {
			return nil, fmt.Errorf("%d: %q stands before the first request", i+1, line)
		}
		used, err := steps[len(steps)-1].add(lines[i:], i+1)
		if err != nil {
			return nil, fmt.Errorf("%d: %w", i+1, err)
		}
		i += used - 1
	}
	return steps, nil
}

// add takes what stands at the head of lines and says how many it took.
func (s *step) add(lines []string, at int) (used int, err error) {
	line := strings.TrimSpace(lines[0])
	switch {
	case line[0] == '{' || line[0] == '[':
		s.body, used, err = jsonLines(lines)
		return used, err
	case withLine.MatchString(line):
		m := withLine.FindStringSubmatch(line)
		s.headers = append(s.headers, [2]string{m[1], m[2]})
	case rawLine.MatchString(line):
		s.body = rawLine.FindStringSubmatch(line)[1]
	case formLine.MatchString(line):
		m := formLine.FindStringSubmatch(line)
		if s.form == nil {
			s.form = url.Values{}
		}
		s.form.Add(m[1], m[2])
	default:
		c, err := parseCheck(line, at)
		if err != nil {
			return 0, err
		}
		s.checks = append(s.checks, c)
	}
	return 1, nil
}

// jsonLines takes lines until they are one JSON text. A saved name in braces
// stands inside a string, so it does not get in the way.
func jsonLines(lines []string) (body string, used int, err error) {
	for i, line := range lines {
		body += line + "\n"
		if json.Valid([]byte(body)) {
			return body, i + 1, nil
		}
	}
	return "", 0, fmt.Errorf("a JSON body begins here and never ends")
}

func parseCheck(line string, at int) (check, error) {
	if m := statusLine.FindStringSubmatch(line); m != nil {
		return check{line: at, verb: m[1], operand: m[2]}, nil
	}
	if m := bodyLine.FindStringSubmatch(line); m != nil {
		return check{line: at, verb: m[1], relation: m[2], operand: m[3]}, nil
	}
	m := subjectLine.FindStringSubmatch(line)
	if m == nil {
		return check{}, fmt.Errorf("%q is none of the known lines", line)
	}
	c := check{line: at, verb: m[1], subject: m[2], relation: m[3], operand: m[4]}
	if c.verb == "save" && c.relation != "=" || c.verb == "header" && c.relation != "=" && c.relation != "contains" {
		return check{}, fmt.Errorf("%q is none of the known lines", line)
	}
	return c, nil
}
