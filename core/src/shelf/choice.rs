//! A choice of a few, kept as a number that never changes its meaning.

/// Makes an enum with its numbers; the first member is the default.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $(#[$first_doc:meta])* $first:ident = 1 $(, $(#[$more_doc:meta])* $more:ident = $number:literal)* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
        pub enum $name {
            $(#[$first_doc])*
            #[default]
            $first,
            $($(#[$more_doc])* $more),*
        }

        impl From<$name> for u8 {
            fn from(choice: $name) -> Self {
                match choice {
                    $name::$first => 1,
                    $($name::$more => $number),*
                }
            }
        }

        impl TryFrom<u8> for $name {
            type Error = ();

            fn try_from(number: u8) -> Result<Self, ()> {
                match number {
                    1 => Ok($name::$first),
                    $($number => Ok($name::$more),)*
                    _ => Err(()),
                }
            }
        }
    };
}

pub(crate) use choice;
