"""What a platform team does around its stacks: look after them, take over old projects, cover an organisation."""
