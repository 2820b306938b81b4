//! A choice of a few, kept as a number that never changes its meaning.

/// Makes an enum whose first member is what an empty field holds, with its numbers.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $(#[$first_doc:meta])* $first:ident = 0 $(, $(#[$more_doc:meta])* $more:ident = $number:literal)* $(,)? }) => {
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
                    $name::$first => 0,
                    $($name::$more => $number),*
                }
            }
        }

        impl TryFrom<u8> for $name {
            type Error = ();

            fn try_from(number: u8) -> Result<Self, ()> {
                match number {
                    0 => Ok($name::$first),
                    $($number => Ok($name::$more),)*
                    _ => Err(()),
                }
            }
        }
    };
}

pub(crate) use choice;
