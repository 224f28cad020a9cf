//! Answers that are made up, the same each time: the API of a Prometheus that knows every metric and every label.
//!
//! A query gets series whose labels follow from its matchers and groupings ([`series`]) and whose values follow from
//! the names of its metrics and from the time ([`values`]): whoever asks for a part of a range gets that part of it.
//! `query_range` without a query gets an answer of the size asked for ([`sized`]), and so
//! does `rules` ([`rules`]).

mod catalog;
mod query;
mod rules;
mod series;
mod sized;
mod values;

pub use sized::{Kind, Shape, query_range};

use axum::extract::Query;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

/// The parameters of a request, of its address and of its form.
struct Params(Vec<(String, String)>);

impl Params {
    fn read(address: &str, form: &[u8]) -> Self {
        let parts = [address.as_bytes(), form];
        Self(parts.into_iter().flat_map(form_urlencoded::parse).map(|(k, v)| (k.into(), v.into())).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn number(&self, name: &str) -> Option<f64> {
        self.get(name)?.parse().ok().filter(|number: &f64| number.is_finite())
    }
}

/// The answer in pieces to the range query `form`: so many series, with one sample each at the end of the range.
pub(crate) fn many_series(count: u64, form: &[u8]) -> impl Iterator<Item = String> + use<> {
    let end = Params::read("", form).number("end").unwrap_or_default();
    sized::many_series(count, end)
}

/// Why a call of the API is refused.
struct Refusal(String);

/// The answer to a request below `/synthetic/`; none for one that is for someone else.
pub(crate) fn answer(uri: &Uri, form: &[u8]) -> Option<Response> {
    let path = uri.path().strip_prefix("/synthetic/api/v1/")?;
    let params = Params::read(uri.query().unwrap_or_default(), form);
    let data = match path {
        "query_range" if params.get("query").is_none() => return Some(of_size(uri)),
        "query_range" => query::range(&params),
        "query" => query::instant(&params),
        "rules" => Ok(rules::answer(&params)),
        _ => match catalog::answer(path, &params) {
            Some(data) => Ok(data),
            None => return Some((StatusCode::NOT_FOUND, "404 page not found").into_response()),
        },
    };
    let (status, body) = match data {
        Ok(data) => (StatusCode::OK, json!({ "status": "success", "data": data })),
        Err(Refusal(error)) => (StatusCode::BAD_REQUEST, refused(&error)),
    };
    Some((status, [JSON], body.to_string()).into_response())
}

const JSON: (header::HeaderName, &str) = (header::CONTENT_TYPE, "application/json");

fn refused(error: &str) -> Value {
    json!({ "status": "error", "errorType": "bad_data", "error": error })
}

fn of_size(uri: &Uri) -> Response {
    match Query::<Shape>::try_from_uri(uri) {
        Ok(Query(shape)) => ([JSON], query_range(shape)).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, [JSON], refused(&error.body_text()).to_string()).into_response(),
    }
}

#[cfg(test)]
mod tests;
