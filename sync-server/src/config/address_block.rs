//! A block of addresses, for the proxies that are believed.

use std::net::IpAddr;
use std::str::FromStr;

/// A block of addresses such as `10.0.0.0/8`; a single address is a block of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressBlock {
    address: IpAddr,
    bits: u32,
}

impl AddressBlock {
    /// Whether it names everybody.
    #[must_use]
    pub const fn is_everything(&self) -> bool {
        self.bits == 0
    }

    /// Whether `address` lies in the block.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(block), IpAddr::V4(other)) => {
                let mask = u32::MAX.checked_shl(32 - self.bits).unwrap_or(0);
                block.to_bits() & mask == other.to_bits() & mask
            }
            (IpAddr::V6(block), IpAddr::V6(other)) => {
                let mask = u128::MAX.checked_shl(128 - self.bits).unwrap_or(0);
                block.to_bits() & mask == other.to_bits() & mask
            }
            _ => false,
        }
    }
}

impl FromStr for AddressBlock {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "use an address or a block such as 10.0.0.0/8";
        let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        let address: IpAddr = address.parse().map_err(|_| wrong)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), str::parse).map_err(|_| wrong)?;
        if bits > most { Err(wrong) } else { Ok(Self { address, bits }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_holds_its_addresses_and_no_others() {
        let block: AddressBlock = "10.1.0.0/16".parse().unwrap();
        assert!(block.contains("10.1.255.9".parse().unwrap()));
        assert!(!block.contains("10.2.0.1".parse().unwrap()));
        assert!(!block.contains("::1".parse().unwrap()));
        let all: AddressBlock = "0.0.0.0/0".parse().unwrap();
        assert!(
            all.contains("203.0.113.9".parse().unwrap()) && all.is_everything() && !block.is_everything()
        );
        assert!("10.0.0.0/33".parse::<AddressBlock>().is_err());
    }
}
