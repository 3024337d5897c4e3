package web

import (
	"reflect"

	"linli/internal/kit/fault"
)

// None is the input of a call that takes nothing, or the output of one that
// gives nothing back.
type None struct{}

// Call is a service call with its renderers: JSON needs none, a page one.
type Call[In, Out any] struct {
	call  func(*Request, In) (Out, error)
	show  func(*Request, Out) Answer
	again func(*Request, In, *Problem) Answer
	shape *shape
}

// Action makes an endpoint of one service call. In is decoded from the path, and
// from the JSON body, the form or the query (see package comment, "Input").
func Action[In, Out any](call func(*Request, In) (Out, error)) *Call[In, Out] {
	return &Call[In, Out]{call: call, shape: shapeOf(reflect.TypeFor[In]())}
}

// Page says how the outcome becomes a page: HTML, See (after a form), File or
// Events. It may make further reads and answer Failed.
func (c *Call[In, Out]) Page(show func(*Request, Out) Answer) *Call[In, Out] {
	c.show = show
	return c
}

// Form shows the form again, with what was typed (Request.Typed, or the input as
// far as it could be read) and the problem's messages. Without it a failed post
// is answered by the error page. It is not asked for what the reader may not do
// or see.
func (c *Call[In, Out]) Form(again func(*Request, In, *Problem) Answer) *Call[In, Out] {
	c.again = again
	return c
}

func (c *Call[In, Out]) input() *shape        { return c.shape }
func (c *Call[In, Out]) output() reflect.Type { return reflect.TypeFor[Out]() }
func (c *Call[In, Out]) hasPage() bool        { return c.show != nil }

func (c *Call[In, Out]) answerJSON(r *Request) (any, error) {
	out, _, err := c.run(r)
	return out, err
}

func (c *Call[In, Out]) answerPage(r *Request) (Answer, error) {
	out, in, err := c.run(r)
	if err == nil {
		return c.show(r, out), nil
	}
	if c.again == nil || !mendable(err) {
		return nil, err
	}
	r.logFailure(err)
	problem := r.problem(err)
	return withStatus(c.again(r, in, problem), problem.Status), nil
}

// run decodes the input, checks it and makes the call.
func (c *Call[In, Out]) run(r *Request) (out Out, in In, err error) {
	if err = decode(r, c.shape, reflect.ValueOf(&in).Elem()); err != nil {
		return out, in, err
	}
	if checker, ok := any(in).(Checker); ok {
		if err = checker.Check(); err != nil {
			return out, in, err
		}
	}
	out, err = c.call(r, in)
	return out, in, err
}

// Checker is an input with rules of its own (reversed windows, "one of the two");
// they are checked right after decoding. Join errors to show them all at once.
type Checker interface{ Check() error }

// mendable says whether filling the form in again could help.
func mendable(err error) bool {
	switch fault.KindOf(err) {
	case fault.KindForbidden, fault.KindNotFound:
		return false
	}
	return true
}
