//! The incidents, by script: one in every hour of the clock, four kinds in turn, services by lot.

use super::noise;
use super::topology::ServiceId;

/// Seconds in an hour of the clock.
const HOUR: i64 = 3600;
/// How long a killed process stays away, in seconds.
pub const DOWN_SECS: i64 = 30;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Answers take longer and longer, then recover.
    LatencyRamp,
    /// A good part of the requests fails.
    ErrorBurst,
    /// Memory grows until the process is killed and starts again.
    Leak,
    /// A new version is slower and fails; then the old one is back.
    BadDeployment,
}

/// One incident.
#[derive(Clone, Copy, Debug)]
pub struct Incident {
    /// What goes wrong.
    pub kind: Kind,
    /// Where.
    pub service: ServiceId,
    /// When it begins, in seconds since the epoch.
    pub start: i64,
    /// When it is over.
    pub end: i64,
}

/// What an incident does to its service at an instant.
#[derive(Clone, Copy, Debug)]
pub struct Effect {
    /// Durations are so many times longer.
    pub slowdown: f64,
    /// The ratio of requests that fail on top of the usual.
    pub errors: f64,
    /// Of the memory that is left up to the limit, so much is used.
    pub leaked: f64,
    /// The process is away.
    pub down: bool,
}

impl Effect {
    /// Nothing is wrong.
    pub const NONE: Self = Self { slowdown: 1.0, errors: 0.0, leaked: 0.0, down: false };
}

impl Incident {
    /// The incident of the hour of the clock that `secs` lies in. It begins and ends within that hour, restart
    /// included, so no other can matter.
    #[must_use]
    pub fn of_hour(secs: i64) -> Self {
        use ServiceId::{Auth, Cart, Catalog, Checkout, Inventory, Payment, Recommendations, Search, Shipping};
        let hour = secs.div_euclid(HOUR);
        let (kind, minutes, services): (_, i64, &[ServiceId]) = match hour.rem_euclid(4) {
            0 => (Kind::ErrorBurst, 9, &[Payment, Inventory, Auth, Shipping]),
            1 => (Kind::LatencyRamp, 14, &[Catalog, Search, Payment, Inventory]),
            2 => (Kind::BadDeployment, 11, &[Checkout, Catalog, Cart, Shipping]),
            _ => (Kind::Leak, 26, &[Recommendations, Search, Cart, Checkout]),
        };
        let lot = noise::hash(0x1c1d_e475, hour);
        let service = services[(lot % services.len() as u64) as usize];
        // Whole minutes from 6 to 29: after the hour's deployments, and early enough for the longest to end in it.
        let start = hour * HOUR + 60 * (6 + (lot >> 8) as i64 % 24);
        Self { kind, service, start, end: start + 60 * minutes }
    }

    /// What it does to `service` at `secs`.
    #[must_use]
    pub fn effect(&self, service: ServiceId, secs: i64) -> Effect {
        if service != self.service || secs < self.start {
            return Effect::NONE;
        }
        if secs >= self.end {
            let down = self.kind == Kind::Leak && secs < self.end + DOWN_SECS;
            return Effect { down, ..Effect::NONE };
        }
        let progress = (secs - self.start) as f64 / (self.end - self.start) as f64;
        match self.kind {
            Kind::LatencyRamp => {
                let level = ramp(progress, 0.7, 0.2);
                Effect { slowdown: 1.0 + 9.0 * level * level, errors: 0.01 * level, ..Effect::NONE }
            }
            Kind::ErrorBurst => {
                let level = ramp(progress, 0.12, 0.2);
                Effect { slowdown: 1.0 + 0.5 * level, errors: 0.32 * level, ..Effect::NONE }
            }
            Kind::Leak => {
                // Collecting garbage takes ever more of the time.
                Effect { slowdown: 1.0 + 3.0 * progress.powi(5), leaked: progress.powf(1.3), ..Effect::NONE }
            }
            Kind::BadDeployment => Effect { slowdown: 1.7, errors: 0.14, ..Effect::NONE },
        }
    }

    /// Whether `service` starts a new process at `secs` because of it.
    #[must_use]
    pub fn restarts(&self, service: ServiceId, secs: i64) -> bool {
        service == self.service
            && match self.kind {
                Kind::LatencyRamp | Kind::ErrorBurst => false,
                Kind::Leak => secs == self.end + DOWN_SECS,
                Kind::BadDeployment => secs == self.start || secs == self.end,
            }
    }

    /// Whether `service` runs the bad version at `secs`.
    #[must_use]
    pub fn is_bad_version(&self, service: ServiceId, secs: i64) -> bool {
        self.kind == Kind::BadDeployment && service == self.service && (self.start..self.end).contains(&secs)
    }
}

/// From 0 up to 1 over the first part `rise` of the way, and down again over the last part `fall`.
fn ramp(progress: f64, rise: f64, fall: f64) -> f64 {
    (progress / rise).min((1.0 - progress) / fall).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hour_has_its_incident() {
        for hour in 480_000..480_000 + 24 * 14 {
            let incident = Incident::of_hour(hour * HOUR);
            assert!(incident.start >= hour * HOUR + 5 * 60);
            assert!(incident.end + DOWN_SECS < (hour + 1) * HOUR);
        }
    }

    #[test]
    fn every_day_has_every_kind() {
        for day in 20_000..20_007 {
            for kind in [Kind::LatencyRamp, Kind::ErrorBurst, Kind::Leak, Kind::BadDeployment] {
                let times = (0..24).filter(|hour| Incident::of_hour((day * 24 + hour) * HOUR).kind == kind).count();
                assert_eq!(times, 6, "{kind:?} on day {day}");
            }
        }
    }
}
