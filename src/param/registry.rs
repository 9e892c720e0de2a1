//! One list makes a catalogue.

/// Makes an enum out of a list of `"permanent id" => Type` lines: a closed set of configurations, serialised with their id.
///
/// `registry! { /// doc  pub enum Config: dyn AnyThing { "foo" => Foo, } }` expands to `enum Config { Foo(Foo) }` with serde's
/// internal tag `id`, [`Default`] = the first line, `IDS`, `id()`, `from_id()`, `all()` (one of each with its defaults, in the order of
/// the list) and `Deref` to `dyn AnyThing`, so that everything the catalogue can do is a method of that trait.
macro_rules! registry {
    (
        $(#[$meta:meta])*
        pub enum $config:ident: dyn $any:ident { $($id:literal => $item:ident,)+ }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(tag = "id")]
        pub enum $config {
            $(#[serde(rename = $id)] $item($item),)+
        }

        impl $config {
            /// The permanent ids, in the order of the list.
            pub const IDS: &'static [&'static str] = &[$($id),+];

            /// The permanent id: what files and the command line say.
            pub fn id(&self) -> &'static str {
                match self { $(Self::$item(_) => $id,)+ }
            }

            /// The one with this id, with its defaults.
            pub fn from_id(id: &str) -> Option<Self> {
                match id { $($id => Some(Self::$item($item::default())),)+ _ => None }
            }

            /// One of each, with its defaults, in the order of the list.
            pub fn all() -> Vec<Self> {
                vec![$(Self::$item($item::default())),+]
            }
        }

        impl Default for $config {
            fn default() -> Self {
                Self::all().swap_remove(0)
            }
        }

        impl std::ops::Deref for $config {
            type Target = dyn $any;
            fn deref(&self) -> &Self::Target {
                match self { $(Self::$item(item) => item,)+ }
            }
        }

        impl std::ops::DerefMut for $config {
            fn deref_mut(&mut self) -> &mut Self::Target {
                match self { $(Self::$item(item) => item,)+ }
            }
        }
    };
}

pub(crate) use registry;
