//! Requests sent as they are spelled, which no browser and no HTTP library would do with some of them.

use anyhow::{Context as _, Result};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::Arc;

/// Sends requests to a port of the loopback interface.
pub struct Client {
    port: u16,
    tls: Option<Arc<ClientConfig>>,
}

/// An answer as it came over the wire.
#[derive(Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    head: String,
    /// The body, in chunks where the server sent chunks.
    pub body: String,
}

impl Client {
    /// Speaks http.
    pub fn http(port: u16) -> Self {
        Self { port, tls: None }
    }

    /// Speaks https.
    pub fn https(port: u16, config: ClientConfig) -> Self {
        Self { port, tls: Some(Arc::new(config)) }
    }

    /// Sends `method path` with these headers.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let spelled: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\ncontent-length: {}\r\nconnection: close\r\n{spelled}\r\n{body}",
            self.port,
            body.len(),
        );
        self.exchange(&request).unwrap_or_else(|error| panic!("{method} {path}: {error:#}"))
    }

    /// `GET path`, with nothing else.
    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], "")
    }

    fn exchange(&self, request: &str) -> Result<Reply> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        let answer = match &self.tls {
            None => talk(stream, request)?,
            Some(config) => {
                let name = ServerName::try_from("localhost")?;
                talk(StreamOwned::new(ClientConnection::new(Arc::clone(config), name)?, stream), request)?
            }
        };
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").context("the answer has no head")?;
        let status = head.split(' ').nth(1).context("the answer has no status")?.parse()?;
        Ok(Reply { status, head: head.to_owned(), body: body.to_owned() })
    }
}

fn talk(mut stream: impl Read + Write, request: &str) -> Result<Vec<u8>> {
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        // A TLS connection that is closed without saying goodbye; the answer is there.
        Err(error) if error.kind() == ErrorKind::UnexpectedEof && !answer.is_empty() => Ok(answer),
        read => read.map(|_| answer).map_err(Into::into),
    }
}

impl Reply {
    /// Every value of a header.
    pub fn headers(&self, name: &str) -> Vec<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
    }

    /// A header that comes once; nothing where there is none.
    pub fn header(&self, name: &str) -> Option<&str> {
        let values = self.headers(name);
        assert!(values.len() <= 1, "{name} comes more than once: {}", self.head);
        values.first().copied()
    }
}
