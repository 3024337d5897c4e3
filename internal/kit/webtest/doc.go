// Package webtest runs request scripts: tests of a site that read like the story
// they tell and need no Go.
//
//	# 王奶奶点一单
//	POST /api/v1/orders as 居民
//	{"text": "家里灯不亮了"}
//	status 201
//	json state = requested
//	save id = $.id
//
//	GET /orders/{id} as 居民
//	status 200
//	body contains 家里灯不亮了
//
// A request line (method, path, and who sends it) begins a step; what follows it
// belongs to it:
//
//	with NAME: VALUE          a header to send
//	form NAME = VALUE         a field of a form to post
//	{ … } or [ … ]            a JSON body, over any number of lines
//	raw TEXT                  a body as it stands, for what is no JSON
//	status 201
//	json PATH = VALUE         PATH like offers.0.state; VALUE as JSON, or plain text
//	json PATH contains TEXT
//	json PATH has 3           so many elements
//	json PATH exists
//	json PATH missing
//	body contains TEXT
//	body lacks TEXT
//	header NAME = VALUE
//	header NAME contains TEXT
//	save NAME = $.PATH        for {NAME} in what follows
//	save NAME = header NAME
//
// Each person keeps their cookies from step to step. Redirects are not followed.
// Where the site serves an OpenAPI document, every answer under /api/v1/ is also
// held against it. A failure names the file and the line.
package webtest
