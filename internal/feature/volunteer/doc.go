// Package volunteer is the volunteer 志愿者: a person who agreed to serve, with
// skills, weekly free time, how far they walk and the limits they set themselves.
//
// A volunteer registers, or is imported from a roster (志愿者花名册) and stands as
// pending (待本人确认) until they agree themselves: nobody is registered as a
// volunteer against their will. Only active volunteers are asked to serve.
package volunteer
