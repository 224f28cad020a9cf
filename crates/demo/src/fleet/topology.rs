//! What the fleet consists of: a shop of ten services, their routes, and who calls whom.

/// A service of the fleet, callers before those they call.
#[allow(missing_docs, reason = "the names say it all")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ServiceId {
    Gateway,
    Checkout,
    Cart,
    Search,
    Recommendations,
    Catalog,
    Inventory,
    Payment,
    Shipping,
    Auth,
}

use ServiceId::{Auth, Cart, Catalog, Checkout, Gateway, Inventory, Payment, Recommendations, Search, Shipping};

/// A service and its process.
#[derive(Debug)]
pub struct Service {
    /// Which one; also its place in [`SERVICES`].
    pub id: ServiceId,
    /// Its name, the label `service`.
    pub name: &'static str,
    /// Memory it needs when nothing is wrong, in MiB.
    pub memory_mib: f64,
    /// Memory at which it is killed, in MiB.
    pub memory_limit_mib: f64,
    /// CPU time it spends on one request, in seconds.
    pub cpu_secs_per_request: f64,
    /// The background queue it works off, if it has one.
    pub queue: Option<&'static str>,
    /// Its cache and the ratio of lookups that hit once it is warm, if it has one.
    pub cache: Option<(&'static str, f64)>,
}

/// All services, in the order of [`ServiceId`].
pub const SERVICES: [Service; 10] = [
    service(Gateway, "gateway", (180.0, 512.0), 0.0008),
    Service { queue: Some("orders"), ..service(Checkout, "checkout", (210.0, 512.0), 0.0060) },
    Service { cache: Some(("sessions", 0.97)), ..service(Cart, "cart", (120.0, 256.0), 0.0015) },
    Service { cache: Some(("queries", 0.62)), ..service(Search, "search", (640.0, 1536.0), 0.0120) },
    Service {
        cache: Some(("models", 0.88)),
        queue: Some("events"),
        ..service(Recommendations, "recommendations", (520.0, 1024.0), 0.0090)
    },
    Service { cache: Some(("products", 0.93)), ..service(Catalog, "catalog", (260.0, 768.0), 0.0022) },
    service(Inventory, "inventory", (150.0, 384.0), 0.0014),
    service(Payment, "payment", (170.0, 512.0), 0.0070),
    Service { queue: Some("labels"), ..service(Shipping, "shipping", (140.0, 384.0), 0.0040) },
    Service { cache: Some(("tokens", 0.985)), ..service(Auth, "auth", (110.0, 256.0), 0.0010) },
];

/// A service without queue and cache. `memory_mib` is what it usually needs, and its limit.
const fn service(id: ServiceId, name: &'static str, memory_mib: (f64, f64), cpu_secs_per_request: f64) -> Service {
    let (memory_mib, memory_limit_mib) = memory_mib;
    Service { id, name, memory_mib, memory_limit_mib, cpu_secs_per_request, queue: None, cache: None }
}

/// Something of each service, in the order of [`SERVICES`].
pub type PerService<T> = [T; SERVICES.len()];

impl Service {
    /// The service that is `id`.
    #[must_use]
    pub const fn of(id: ServiceId) -> &'static Self {
        &SERVICES[id as usize]
    }

    /// The name of its one instance, the label `instance`.
    #[must_use]
    pub fn instance(&self) -> String {
        format!("{}-0", self.name)
    }

    /// The routes it serves.
    pub fn routes(&self) -> impl Iterator<Item = &'static Route> + use<> {
        let id = self.id;
        ROUTES.iter().filter(move |route| route.service == id)
    }
}

/// A route of the fleet, callers before those they call: a walk in this order meets each route after all its callers.
#[allow(missing_docs, reason = "the names say it all")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteId {
    Home,
    ProductPage,
    SearchPage,
    AddToCart,
    PlaceOrder,
    Account,
    CreateOrder,
    ReadOrder,
    ReadCart,
    AddItem,
    RemoveItem,
    Query,
    Suggest,
    Recommend,
    ListProducts,
    ReadProduct,
    ReadStock,
    Reserve,
    Charge,
    Refund,
    PrintLabel,
    Track,
    Session,
    Token,
}

/// A route of a service.
#[derive(Debug)]
pub struct Route {
    /// Which one; also its place in the table of routes.
    pub id: RouteId,
    /// The service it belongs to.
    pub service: ServiceId,
    /// Its method and its path, the labels `method` and `route`.
    pub method: &'static str,
    /// See `method`.
    pub path: &'static str,
    /// The status of a good answer.
    pub success: u16,
    /// The status and the ratio of requests that are the client's fault.
    pub rejected: Option<(u16, f64)>,
    /// Requests per second from outside the fleet at a load of 1.
    pub entry_rate: f64,
    /// The median of its own time, without the calls it makes, in seconds.
    pub own_secs: f64,
    /// How narrow its durations are spread: the shape of a log-logistic distribution.
    pub shape: f64,
    /// The ratio of requests it fails when nothing is wrong.
    pub error_ratio: f64,
    /// The calls it makes, one after the other.
    pub calls: &'static [Call],
}

/// Calls from one route to another.
#[derive(Debug)]
pub struct Call {
    /// The route called.
    pub to: RouteId,
    /// How many per request, on average.
    pub per_request: f64,
    /// Whether the caller fails when the call does.
    pub needed: bool,
}

const fn call(to: RouteId, per_request: f64) -> Call {
    Call { to, per_request, needed: true }
}

const fn optional(to: RouteId, per_request: f64) -> Call {
    Call { to, per_request, needed: false }
}

const fn route(id: RouteId, service: ServiceId, method: &'static str, path: &'static str, own_millis: f64) -> Route {
    Route {
        id,
        service,
        method,
        path,
        success: 200,
        rejected: None,
        entry_rate: 0.0,
        own_secs: own_millis / 1000.0,
        shape: 4.2,
        error_ratio: 0.0002,
        calls: &[],
    }
}

/// All routes, in the order of [`RouteId`].
pub const ROUTES: [Route; 24] = [
    Route {
        entry_rate: 40.0,
        calls: &[call(RouteId::ListProducts, 1.0), call(RouteId::Session, 0.6), optional(RouteId::Recommend, 1.0)],
        ..route(RouteId::Home, Gateway, "GET", "/", 3.0)
    },
    Route {
        entry_rate: 55.0,
        rejected: Some((404, 0.012)),
        calls: &[call(RouteId::ReadProduct, 1.0), call(RouteId::ReadStock, 1.0), optional(RouteId::Recommend, 0.4)],
        ..route(RouteId::ProductPage, Gateway, "GET", "/products/{id}", 3.0)
    },
    Route {
        entry_rate: 25.0,
        rejected: Some((400, 0.004)),
        calls: &[call(RouteId::Query, 1.0), optional(RouteId::Suggest, 1.6)],
        ..route(RouteId::SearchPage, Gateway, "GET", "/search", 2.5)
    },
    Route {
        entry_rate: 12.0,
        success: 201,
        rejected: Some((409, 0.006)),
        calls: &[call(RouteId::Session, 1.0), call(RouteId::AddItem, 1.0), optional(RouteId::RemoveItem, 0.2)],
        ..route(RouteId::AddToCart, Gateway, "POST", "/cart", 3.5)
    },
    Route {
        entry_rate: 6.0,
        success: 201,
        rejected: Some((402, 0.02)),
        calls: &[call(RouteId::Session, 1.0), call(RouteId::CreateOrder, 1.0)],
        ..route(RouteId::PlaceOrder, Gateway, "POST", "/checkout", 4.0)
    },
    Route {
        entry_rate: 10.0,
        rejected: Some((401, 0.03)),
        calls: &[call(RouteId::Session, 1.0), call(RouteId::ReadOrder, 0.7)],
        ..route(RouteId::Account, Gateway, "GET", "/account", 3.0)
    },
    Route {
        success: 201,
        rejected: Some((402, 0.02)),
        error_ratio: 0.0004,
        shape: 3.8,
        calls: &[
            call(RouteId::ReadCart, 1.0),
            call(RouteId::Reserve, 1.0),
            call(RouteId::Charge, 1.0),
            call(RouteId::PrintLabel, 1.0),
        ],
        ..route(RouteId::CreateOrder, Checkout, "POST", "/orders", 14.0)
    },
    Route {
        rejected: Some((404, 0.008)),
        calls: &[optional(RouteId::Track, 0.6)],
        ..route(RouteId::ReadOrder, Checkout, "GET", "/orders/{id}", 8.0)
    },
    route(RouteId::ReadCart, Cart, "GET", "/carts/{id}", 5.0),
    Route {
        success: 201,
        rejected: Some((409, 0.006)),
        calls: &[call(RouteId::ReadStock, 1.0)],
        ..route(RouteId::AddItem, Cart, "POST", "/carts/{id}/items", 7.0)
    },
    Route { success: 204, ..route(RouteId::RemoveItem, Cart, "DELETE", "/carts/{id}/items", 6.0) },
    Route {
        rejected: Some((400, 0.004)),
        shape: 3.2,
        error_ratio: 0.0003,
        calls: &[call(RouteId::ListProducts, 0.3)],
        ..route(RouteId::Query, Search, "GET", "/query", 38.0)
    },
    Route { shape: 3.6, ..route(RouteId::Suggest, Search, "GET", "/suggest", 11.0) },
    Route {
        shape: 3.0,
        // A known weakness: enough to burn its error budget slowly, all the time.
        error_ratio: 0.009,
        calls: &[optional(RouteId::ReadProduct, 0.8)],
        ..route(RouteId::Recommend, Recommendations, "GET", "/recommendations", 42.0)
    },
    route(RouteId::ListProducts, Catalog, "GET", "/products", 14.0),
    Route { rejected: Some((404, 0.01)), ..route(RouteId::ReadProduct, Catalog, "GET", "/products/{id}", 8.0) },
    Route { shape: 4.6, ..route(RouteId::ReadStock, Inventory, "GET", "/stock/{sku}", 4.5) },
    Route {
        success: 201,
        rejected: Some((409, 0.01)),
        ..route(RouteId::Reserve, Inventory, "POST", "/reservations", 16.0)
    },
    Route {
        success: 201,
        rejected: Some((402, 0.022)),
        shape: 3.4,
        error_ratio: 0.0004,
        calls: &[call(RouteId::Token, 0.2)],
        ..route(RouteId::Charge, Payment, "POST", "/charges", 110.0)
    },
    Route { entry_rate: 0.4, success: 201, shape: 3.4, ..route(RouteId::Refund, Payment, "POST", "/refunds", 150.0) },
    Route { success: 201, shape: 3.6, ..route(RouteId::PrintLabel, Shipping, "POST", "/labels", 55.0) },
    Route { rejected: Some((404, 0.02)), ..route(RouteId::Track, Shipping, "GET", "/shipments/{id}", 18.0) },
    Route { rejected: Some((401, 0.015)), shape: 4.6, ..route(RouteId::Session, Auth, "GET", "/session", 3.5) },
    Route { success: 201, rejected: Some((401, 0.04)), ..route(RouteId::Token, Auth, "POST", "/token", 22.0) },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_in_the_order_of_their_ids() {
        for (place, service) in SERVICES.iter().enumerate() {
            assert_eq!(service.id as usize, place, "{}", service.name);
            assert!(service.routes().count() > 0, "{}", service.name);
        }
        for (place, route) in ROUTES.iter().enumerate() {
            assert_eq!(route.id as usize, place, "{}", route.path);
        }
    }

    #[test]
    fn callers_come_before_those_they_call() {
        for route in &ROUTES {
            for call in route.calls {
                assert!((call.to as usize) > (route.id as usize), "{} calls {:?}", route.path, call.to);
            }
        }
    }
}
