#include "web/me.h"

#include "web/user_view.h"

bool get_me(struct request *req, struct reply *out, struct error *err)
{
    return user_view(req, &req->user, STR_NONE, &out->view, err);
}
