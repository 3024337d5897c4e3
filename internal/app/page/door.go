package page

// Door is a one-click way into the demo.
type Door struct {
	Role, Name, Place, Href string
}
