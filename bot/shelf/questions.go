package shelf

import "fieldbot/bot/kit/field"

// Questions are what an audit asks of the products of a shelf, each under its code, and
// what it asks of the shelf as a whole. Nothing is required: what is not named is fine.
var Questions = field.Catalogue{Noun: "audits", Fields: append([]field.Field{
	{Key: "oos", Kind: field.Some, Use: field.Ask},
	{Key: "shelf_price", Kind: field.Each, Of: field.Money, Use: field.Ask},
	{Key: "facings", Kind: field.Each, Of: field.Number, Use: field.Ask, Lo: 1, Hi: 999},
	{Key: "tag_wrong", Kind: field.Some, Use: field.Ask},
	{Key: "nearest_expiry", Kind: field.Each, Of: field.Date, Use: field.Ask},
	{Key: "shelf_units", Kind: field.Each, Of: field.Number, Use: field.Ask, Hi: 9_999},
	{Key: "backroom_units", Kind: field.Each, Of: field.Number, Use: field.Ask, Hi: 9_999},
	{Key: "position", Kind: field.Each, Of: field.Choice, Use: field.Ask, Options: Positions},
}, Catalogue.Pick("category_facings", "displays", "pop", "competitor_news", "photos")...)}
