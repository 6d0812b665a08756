"""Valid and invalid values, requests and responses, each proven on its final bytes.

`known_good` builds values that must be accepted; `families` has one function for each way to break
or stretch a rule; `proof` puts a value into a payload and proves it, `mutation` keeps the ways to
break a rule that are proven, `suite` lists them as cases, `strategies` draws them at random, and
`responses` builds the responses a server may give.
"""
