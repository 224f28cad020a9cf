//! Every unit Grafana registers.
//!
//! As texts that are searched where a unit is looked up: a fifth of what the same rows weigh as values.

use crate::span::SpanUnit::{Day, Hour, Microsecond, Millisecond, Minute, Nanosecond, Second};
use crate::unit::Dating::{FromNow, Pattern, UnlessToday};
use crate::unit::Kind::{self, *};
use crate::unit::Side;
use std::borrow::Cow;

const DATE_AND_TIME: &str = "YYYY-MM-DD HH:mm:ss";
const TIME: &str = "HH:mm:ss";
const US: &str = "MM/DD/YYYY h:mm:ss a";
const US_TIME: &str = "h:mm:ss a";
// Between the time and its half of the day stands a narrow no-break space.
const LOCAL: &str = "MM/DD/YYYY, hh:mm:ss\u{202f}A";
const LOCAL_TIME: &str = "hh:mm:ss\u{202f}A";

/// Ids and what follows the number.
const SUFFIXES: &str = "\
     none=|percent=%|humidity= %H|dB= dB|pixel= px|accMS2= m/sec²|accFS2= f/sec²|accG= g|degree= °|radian= rad|\
     grad= grad|arcmin= arcmin|arcsec= arcsec|areaM2= m²|areaF2= ft²|areaMI2= mi²|acres= ac|hectares= ha|ppm= ppm|\
     conppb= ppb|conngm3= ng/m³|conngNm3= ng/Nm³|conμgm3= μg/m³|conμgNm3= μg/Nm³|conmgm3= mg/m³|conmgNm3= mg/Nm³|\
     congm3= g/m³|congNm3= g/Nm³|conmgdL= mg/dL|conmmolL= mmol/L|dBm= dbm|flowgpm= gpm|flowcms= cms|flowcfs= cfs|\
     flowcfm= cfm|litreh= L/h|flowlpm= L/min|flowmlpm= mL/min|lux= lux|masslb= lb|masst= t|lengthcm= cm|\
     lengthin= in|lengthft= ft|lengthmi= mi|pressurehpa= hPa|pressurekpa= kPa|pressurehg= \"Hg|rotrpm= rpm|\
     rotrads= rad/s|rotdegs= °/s|celsius= °C|fahrenheit= °F|kelvin= K|velocityms= m/s|velocitykmh= km/h|\
     velocitymph= mph|velocityknot= kn|m3= m³|Nm3= Nm³|dm3= dm³|gallons= gal|farenheit= °F";

/// Ids, the power of a thousand that the number counts, and the symbol.
const SI_UNITS: &str = "\
     sishort=0|candela=0cd|flops=0FLOPS|mflops=2FLOPS|gflops=3FLOPS|tflops=4FLOPS|pflops=5FLOPS|eflops=6FLOPS|\
     zflops=7FLOPS|yflops=8FLOPS|decbytes=0B|decbits=0b|deckbytes=1B|decmbytes=2B|decgbytes=3B|dectbytes=4B|\
     decpbytes=5B|pps=0p/s|Bps=0B/s|bps=0b/s|KBs=1B/s|Kbits=1b/s|MBs=2B/s|Mbits=2b/s|GBs=3B/s|Gbits=3b/s|TBs=4B/s|\
     Tbits=4b/s|PBs=5B/s|Pbits=5b/s|watt=0W|kwatt=1W|megwatt=2W|gwatt=3W|mwatt=-1W|Wm2=0W/m²|voltamp=0VA|\
     kvoltamp=1VA|voltampreact=0VAr|kvoltampreact=1VAr|watth=0Wh|watthperkg=0Wh/kg|kwatth=1Wh|kwattm=1W-Min|\
     mwatth=2Wh|amph=0Ah|kamph=1Ah|mamph=-1Ah|joule=0J|ev=0eV|amp=0A|kamp=1A|mamp=-1A|volt=0V|kvolt=1V|mvolt=-1V|\
     mohm=-1Ω|ohm=0Ω|kohm=1Ω|Mohm=2Ω|farad=0F|µfarad=-2F|nfarad=-3F|pfarad=-4F|ffarad=-5F|henry=0H|mhenry=-1H|\
     µhenry=-2H|lumens=0Lm|forceNm=0Nm|forcekNm=1Nm|forceN=0N|forcekN=1N|Hs=0H/s|KHs=1H/s|MHs=2H/s|GHs=3H/s|\
     THs=4H/s|PHs=5H/s|EHs=6H/s|massmg=-1g|massg=0g|masskg=1g|lengthmm=-1m|lengthm=0m|lengthkm=1m|\
     pressurembar=-1bar|pressurebar=0bar|pressurekbar=1bar|pressurepa=0Pa|radbq=0Bq|radci=0Ci|radgy=0Gy|\
     radrad=0rad|radsv=0Sv|radmsv=-1Sv|radusv=-2Sv|radrem=0rem|radexpckg=0C/kg|radr=0R|radsvh=0Sv/h|radmsvh=-1Sv/h|\
     radusvh=-2Sv/h|rothz=0Hz|rotkhz=1Hz|rotmhz=2Hz|rotghz=3Hz|hertz=0Hz|mlitre=-1L|litre=0L";

/// Ids, the power of 1,024 that the number counts, and the symbol.
const BINARY_UNITS: &str = "\
     bytes=0B|bits=0b|kbytes=1B|mbytes=2B|gbytes=3B|tbytes=4B|pbytes=5B|binBps=0B/s|binbps=0b/s|KiBs=1B/s|\
     Kibits=1b/s|MiBs=2B/s|Mibits=2b/s|GiBs=3B/s|Gibits=3b/s|TiBs=4B/s|Tibits=4b/s|PiBs=5B/s|Pibits=5b/s";

/// Ids and what is counted.
const COUNTS: &str = "\
     cps=c/s|ops=ops/s|reqps=req/s|rps=rd/s|wps=wr/s|iops=io/s|eps=evt/s|mps=msg/s|recps=rec/s|rowsps=rows/s|\
     cpm=c/m|opm=ops/m|reqpm=req/m|rpm=rd/m|wpm=wr/m|epm=evts/m|mpm=msgs/m|recpm=rec/m|rowspm=rows/m";

/// Ids without the `currency` before them and signs, with `_` before those that stand behind the amount.
const CURRENCIES: &str = "\
     USD=$|GBP=£|EUR=€|JPY=¥|RUB=₽|UAH=₴|BRL=R$|DKK=_kr|ISK=_kr|NOK=_kr|SEK=_kr|CZK=czk|CHF=CHF|PLN=PLN|BTC=฿|\
     mBTC=mBTC|μBTC=μBTC|ZAR=R|INR=₹|KRW=₩|IDR=Rp|PHP=PHP|VND=_đ|TRY=_₺|MYR=RM|XPF=XPF|BGN=BGN|PYG=₲|UYU=UYU|ILS=₪";

/// The unit that Grafana registers as `id`.
pub(crate) fn registered(id: &str) -> Option<Kind> {
    let currency = || find(CURRENCIES, id.strip_prefix("currency")?);
    Some(if let Some(suffix) = find(SUFFIXES, id) {
        Suffix(suffix.into())
    } else if let Some((power, symbol)) = find(SI_UNITS, id).and_then(split_power) {
        Si(symbol.into(), power)
    } else if let Some((power, symbol)) = find(BINARY_UNITS, id).and_then(split_power) {
        Binary(symbol.into(), power)
    } else if let Some(counted) = find(COUNTS, id) {
        Count(format!(" {counted}").into())
    } else if let Some(symbol) = currency() {
        match symbol.strip_prefix('_') {
            Some(symbol) => Currency(symbol.into(), Side::Behind),
            None => Currency(symbol.into(), Side::Before),
        }
    } else {
        return special(id);
    })
}

fn find(rows: &'static str, id: &str) -> Option<&'static str> {
    rows.split('|').find_map(|row| row.strip_prefix(id)?.strip_prefix('='))
}

/// `-1W` as -1 and `W`.
fn split_power(row: &'static str) -> Option<(i8, &'static str)> {
    let (power, symbol) = row.split_at(row.find(|c: char| c != '-' && !c.is_ascii_digit()).unwrap_or(row.len()));
    Some((power.parse().ok()?, symbol))
}

/// The units that are one of a kind.
fn special(id: &str) -> Option<Kind> {
    let text = Cow::Borrowed;
    Some(match id {
        "string" => Verbatim,
        "short" => Short,
        "percentunit" => PercentUnit,
        "hex0x" => Hex(text("0x")),
        "hex" => Hex(text("")),
        "sci" => Scientific,
        "locale" => Locale,
        "dateTimeAsIso" => Date(Pattern(text(DATE_AND_TIME))),
        "dateTimeAsIsoNoDateIfToday" => Date(UnlessToday { full: DATE_AND_TIME, today: TIME }),
        "dateTimeAsUS" => Date(Pattern(text(US))),
        "dateTimeAsUSNoDateIfToday" => Date(UnlessToday { full: US, today: US_TIME }),
        "dateTimeAsLocal" => Date(Pattern(text(LOCAL))),
        "dateTimeAsLocalNoDateIfToday" => Date(UnlessToday { full: LOCAL, today: LOCAL_TIME }),
        "dateTimeAsSystem" => Date(Pattern(text(DATE_AND_TIME))),
        "dateTimeFromNow" => Date(FromNow),
        "pressurepsi" => Psi,
        "ns" => Span(Nanosecond),
        "µs" => Span(Microsecond),
        "ms" => Span(Millisecond),
        "s" => Span(Second),
        "m" => Span(Minute),
        "h" => Span(Hour),
        "d" => Span(Day),
        "dtdurationms" => Words(Millisecond),
        "dtdurations" => Words(Second),
        "dthms" => HoursMinutesSeconds { days: false },
        "dtdhms" => HoursMinutesSeconds { days: true },
        "timeticks" => TimeTicks,
        "clockms" => Clock(1.0),
        "clocks" => Clock(1000.0),
        "bool" => Bool(text("True"), text("False")),
        "bool_yes_no" => Bool(text("Yes"), text("No")),
        "bool_on_off" => Bool(text("On"), text("Off")),
        _ => return None,
    })
}
